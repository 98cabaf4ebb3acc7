/** An endpoint as a generated client calls it. */
export interface Endpoint {
  readonly pluginId: string;
  readonly service: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As the plugin serves it: `/contacts/:id`. */
  readonly path: string;
  /** What a successful answer holds; see `Answer`. */
  readonly answer: AnswerKind;
  /** Whether a repeated request does no harm, so that it may be retried. */
  readonly idempotent: boolean;
  /** Whether the input's member `body` is the request's body. */
  readonly body?: true;
  /** Whether the input's member `headers` holds request headers. */
  readonly headers?: true;
  /** How long the gateway waits for the plugin, in milliseconds. */
  readonly timeoutMs?: number;
  /** What the service promised when the client was made; clients of before that was written down have none. */
  readonly serviceContract?: ServiceContract;
  /** The digest of what this endpoint promised then. */
  readonly contract?: string;
}

/** A service as it was when a client was made from it. */
export interface ServiceContract {
  readonly version: string;
  /** Of what all of its endpoints promised. */
  readonly digest: string;
}

/**
 * `data`: the answer's `data`. `list`: a `List`. `message`: a `Message`. `whole`: the body as it came.
 * `unknown`: unwrapped where it is the response envelope, else as it came.
 */
export type AnswerKind = 'data' | 'list' | 'message' | 'whole' | 'unknown';

/** One page of a list, and how many there are in all. */
export interface List<Item> {
  readonly items: Item[];
  readonly total: number;
}

export interface Message {
  readonly message: string;
}

/** What the gateway knows of a plugin's health. */
export interface ServiceHealth {
  readonly state: 'HEALTHY' | 'DEGRADED' | 'UNAVAILABLE';
  /** Why it is not HEALTHY, in words. */
  readonly reasons: readonly string[];
}

/** A service's endpoints, by the name of the client's method. */
export type Endpoints<Name extends string = string> = { readonly [N in Name]: Endpoint };
