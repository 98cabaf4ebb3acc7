import { configSchema, plugin } from '@plexica/generated/plugins/sample-analytics';
import { createGatewayClient, loadPluginConfig, runPlugin } from '@plexica/sdk';
import { buildApp } from './app.ts';
import { readSettings } from './settings.ts';

await runPlugin(plugin.id, () => {
  const settings = readSettings(process.env);
  const app = buildApp({
    config: loadPluginConfig(configSchema, settings.config),
    now: () => new Date(),
    logger: { level: settings.logLevel },
  });
  const gateway = createGatewayClient({ pluginId: plugin.id });
  return { app, settings, gateway, services: plugin.services };
});
