import type { PluginServer } from './plugin-server.ts';
import { type ServedPlugin, servePlugin } from './serve-plugin.ts';

/** Ends the plugin for a reason that a restart may mend. */
export type FailPlugin = (error: Error) => void;

/**
 * Runs a plugin as the program that this process is: serves it (see `servePlugin`), lets it finish what is under way on
 * SIGINT and SIGTERM, and exits. The exit code is 1, with one line on stderr, where it cannot start or has failed.
 *
 * @param start makes the plugin; it may keep `fail` for what goes wrong later, such as an event bus that has failed
 */
export async function runPlugin(
  pluginId: string,
  start: (fail: FailPlugin) => ServedPlugin | Promise<ServedPlugin>,
): Promise<void> {
  let app: PluginServer | undefined;
  const fail: FailPlugin = (error) => {
    process.stderr.write(`${pluginId}: ${error.message}\n`);
    process.exitCode = 1;
    void app?.close();
  };
  try {
    const plugin = await start(fail);
    ({ app } = plugin);
    await servePlugin(plugin, fail);
    endOnSignals(app);
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
  }
}

function endOnSignals(app: PluginServer): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      app.log.info(`${signal}: finishing what is under way`);
      void app.close();
    });
  }
}
