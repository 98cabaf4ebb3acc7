import { createEventBus, gatewayTransport } from '@plexica/event-bus';
import { pluginAnalyticsEvents } from '@plexica/generated/events/plugin-analytics';
import { plugin } from '@plexica/generated/plugins/plugin-analytics';
import { createGatewayClient, readPluginSettings, runPlugin } from '@plexica/sdk';
import { buildApp } from './app.ts';
import { logOutcome } from './events/log-outcome.ts';

await runPlugin(plugin.id, (fail) => {
  const settings = readPluginSettings(process.env, { port: 3200 });
  const gateway = createGatewayClient({ pluginId: plugin.id });
  const bus = createEventBus({
    events: pluginAnalyticsEvents,
    transport: gatewayTransport(gateway, { log: (level, text) => app.log[level](text) }),
    onOutcome: (outcome) => logOutcome(app.log, outcome),
    onFailure: fail,
  });
  const app = buildApp({
    gateway,
    bus,
    now: () => new Date(),
    reportTimeoutMs: 12_000,
    logger: { level: settings.logLevel },
  });
  return { app, settings, gateway, services: plugin.services, events: bus };
});
