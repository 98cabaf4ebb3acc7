/** A route of a plugin with its schemas, as Fastify's `app.route` takes it; generated from the manifest. */
export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly schema: {
    readonly params?: object;
    readonly querystring?: object;
    readonly headers?: object;
    readonly body?: object;
    /** By status: `200`, `4xx` or `default`. */
    readonly response?: Readonly<Record<string, object>>;
  };
}

/** The routes of a plugin, under the same names as their types. */
export type RouteDefinitions<Routes> = { readonly [Name in keyof Routes]: RouteDefinition };

/** What a plugin answers when it fails. */
export interface ErrorAnswer {
  readonly success: false;
  /** What went wrong, for people. */
  readonly error: string;
  readonly message?: string | undefined;
  readonly code?: string | undefined;
}
