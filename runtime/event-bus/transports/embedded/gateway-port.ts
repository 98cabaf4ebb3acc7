/** A plugin's way to the gateway; a `GatewayClient` of `@plexica/sdk` is one. */
export interface GatewayPort {
  readonly pluginId: string;
  /**
   * Asks an endpoint of the gateway's own in the plugin's name.
   *
   * @param path below the gateway's base path
   */
  request(path: string, init?: RequestInit): Promise<Response>;
}
