import { type GatewayClient, type PluginService, type Registration, registerWithGateway } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import { listen } from './listen.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the gateway reaches this instance, where host and port do not say it. */
  readonly instanceUrl: string | undefined;
  readonly gateway: GatewayClient;
  /** What to register. */
  readonly services: readonly PluginService[];
}

/**
 * Serves the app and registers it with the gateway, which need not be up yet: requests are answered meanwhile.
 * Closing the app takes the instance out at the gateway first, so that it sends no more.
 */
export async function serve(app: FastifyInstance, options: ServeOptions): Promise<void> {
  const { gateway, services } = options;
  const stopping = new AbortController();
  let registration: Promise<Registration | undefined> = Promise.resolve(undefined);
  app.addHook('preClose', async () => {
    stopping.abort();
    await (await registration)?.close();
  });

  const address = await listen(app, options);
  app.log.info(`${gateway.pluginId} serves ${address}`);
  const baseUrl = options.instanceUrl ?? address;
  registration = registerWithGateway(gateway, {
    services,
    baseUrl,
    signal: stopping.signal,
    log: app.log,
  }).catch((error: unknown) => {
    if (!stopping.signal.aborted)
      app.log.error(error, `${gateway.pluginId} is not registered with the gateway`);
    return undefined;
  });
}
