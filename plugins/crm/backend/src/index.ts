import { createEventBus, gatewayTransport } from '@plexica/event-bus';
import { pluginCrmEvents } from '@plexica/generated/events/plugin-crm';
import { configSchema, plugin } from '@plexica/generated/plugins/plugin-crm';
import { createGatewayClient, loadPluginConfig, runPlugin } from '@plexica/sdk';
import { buildApp } from './app.ts';
import { createOutbox } from './events/outbox.ts';
import { readSettings } from './settings.ts';

/** What waits to be published may take so long when the plugin ends, in milliseconds. */
const GRACE = 5_000;

await runPlugin(plugin.id, (fail) => {
  const settings = readSettings(process.env);
  const gateway = createGatewayClient({ pluginId: plugin.id });
  const bus = createEventBus({
    events: pluginCrmEvents,
    // The outbox is patient itself.
    transport: gatewayTransport(gateway, { patience: GRACE, log: (level, text) => app.log[level](text) }),
    onFailure: fail,
  });
  const outbox = createOutbox({
    publish: bus.publish,
    now: Date.now,
    tell: (level, details, message) => app.log[level](details, message),
  });
  const app = buildApp({
    config: loadPluginConfig(configSchema, settings.config),
    demoData: settings.demoData,
    now: () => new Date(),
    bus,
    events: outbox,
    logger: { level: settings.logLevel },
  });
  return {
    app,
    settings,
    gateway,
    services: plugin.services,
    events: {
      async start() {
        await bus.start();
        outbox.start();
      },
      async stop() {
        await outbox.close(GRACE);
        await bus.stop();
      },
    },
  };
});
