/** A service as a plugin registers it and shows it under /info; generated from the manifest. */
export interface PluginService {
  readonly name: string;
  readonly version: string;
  readonly endpoints: readonly {
    readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    readonly path: string;
  }[];
}

/** Who a plugin is; generated from the manifest. */
export interface PluginIdentity {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly services: readonly PluginService[];
}
