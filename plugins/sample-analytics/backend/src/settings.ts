import { type PluginSettings, readPluginSettings } from '@plexica/sdk';

/** Where and how this plugin runs: deployment, from the environment. */
export interface Settings extends PluginSettings {
  /** The plugin's config as an administrator gives it, unchecked. */
  readonly config: unknown;
}

/** The manifest wants the key of a service that this example does not have. */
const NO_SERVICE = '{"apiKey":"no-service-here"}';

/** Throws an error that names the variable when one cannot be used. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    ...readPluginSettings(environment, { port: 3300 }),
    config: readJson('SAMPLE_ANALYTICS_CONFIG', environment.SAMPLE_ANALYTICS_CONFIG || NO_SERVICE),
  };
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} must be JSON, such as {"apiKey":"…","trackingEnabled":false}`);
  }
}
