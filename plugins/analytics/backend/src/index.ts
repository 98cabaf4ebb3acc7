import { plugin } from '@plexica/generated/plugins/plugin-analytics';
import { createGatewayClient } from '@plexica/sdk';
import { buildApp } from './app.ts';
import { serve } from './http/serve.ts';
import { readSettings } from './settings.ts';

async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const gateway = createGatewayClient({ pluginId: plugin.id });
  const app = buildApp({
    gateway,
    now: () => new Date(),
    reportTimeoutMs: 12_000,
    logger: { level: settings.logLevel },
  });
  await serve(app, { ...settings, gateway, services: plugin.services });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      app.log.info(`${signal}: finishing what is under way`);
      void app.close();
    });
  }
}

start().catch((error: unknown) => {
  process.stderr.write(`${plugin.id}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
