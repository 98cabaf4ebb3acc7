/** Who makes a request, as far as it is proven. */
export type Caller = AnonymousCaller | UserCaller | PluginCaller;

export interface AnonymousCaller {
  readonly kind: 'anonymous';
}

export interface UserCaller {
  readonly kind: 'user';
  readonly tenant: TenantIdentity;
}

export interface PluginCaller {
  readonly kind: 'plugin';
  readonly pluginId: string;
  /** Of the request that the plugin is serving; undefined where it passed no context on. */
  readonly tenant: TenantIdentity | undefined;
}

/** Whose data a request is about. Its strings are printable ASCII: they become header values. */
export interface TenantIdentity {
  readonly tenantId: string;
  readonly userId?: string;
  readonly workspaceId?: string;
  readonly permissions: readonly string[];
}
