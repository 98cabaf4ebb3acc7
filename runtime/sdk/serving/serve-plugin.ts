import type { GatewayClient } from '../gateway-client.ts';
import type { PluginService } from '../plugin-service.ts';
import { type Registration, registerWithGateway } from '../register-with-gateway.ts';
import { listen } from './listen.ts';
import type { PluginServer } from './plugin-server.ts';
import type { PluginSettings } from './plugin-settings.ts';

/** A plugin that is ready to serve. */
export interface ServedPlugin {
  readonly app: PluginServer;
  readonly settings: Pick<PluginSettings, 'host' | 'port' | 'instanceUrl'>;
  readonly gateway: GatewayClient;
  /** What to register; none for a plugin that others do not call. */
  readonly services: readonly PluginService[];
  /** An event bus of `@plexica/event-bus`, where the plugin has one. */
  readonly events?: ServedEvents | undefined;
}

export interface ServedEvents {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Serves a plugin and registers it with the gateway, which need not be up yet: requests are answered meanwhile. Events
 * begin once the plugin is registered, because only then it has its token. Closing the app takes the instance out at the
 * gateway first, so that it sends no more, and ends the events last: what was changed by the last request is still told.
 *
 * @param fail is told why events could not begin
 * @throws Error that says what to do, where the app cannot listen
 */
export async function servePlugin(
  { app, settings, gateway, services, events }: ServedPlugin,
  fail: (error: Error) => void,
): Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let registration: Promise<Registration | undefined> = Promise.resolve(undefined);
  app.addHook('onResponse', async () => {
    // The gateway keeps its connections: one whose request was under way at the end would keep this process for long.
    if (signal.aborted) setImmediate(() => app.server.closeIdleConnections());
  });
  app.addHook('preClose', async () => {
    stopping.abort();
    await (await registration)?.close();
  });
  app.addHook('onClose', async () => {
    await events?.stop();
  });

  const address = await listen(app, settings);
  app.log.info(`${gateway.pluginId} serves ${address}`);
  const baseUrl = settings.instanceUrl ?? address;
  registration = registerWithGateway(gateway, { services, baseUrl, signal, log: app.log }).catch(
    (error: unknown) => {
      if (!signal.aborted)
        app.log.error({ err: error }, `${gateway.pluginId} is not registered with the gateway`);
      return undefined;
    },
  );
  void beginEvents();

  async function beginEvents(): Promise<void> {
    await registration;
    if (events === undefined || signal.aborted) return;
    try {
      await events.start();
    } catch (error) {
      if (!signal.aborted) fail(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
