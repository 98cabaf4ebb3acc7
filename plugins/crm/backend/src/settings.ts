import { type PluginSettings, readPluginSettings } from '@plexica/sdk';

/** Where and how this plugin runs: deployment, from the environment. */
export interface Settings extends PluginSettings {
  /** The plugin's config as an administrator gives it, unchecked. */
  readonly config: unknown;
  /** Whether the tenants `demo` and `acme` begin with something to look at. */
  readonly demoData: boolean;
}

/** Throws an error that names the variable when one cannot be used. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    ...readPluginSettings(environment, { port: 3100 }),
    config: readJson('CRM_CONFIG', environment.CRM_CONFIG || '{}'),
    demoData: readSwitch('CRM_DEMO_DATA', environment.CRM_DEMO_DATA || 'on'),
  };
}

function readSwitch(name: string, text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new Error(`${name} must be one of on, off, but is "${text}"`);
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} must be JSON, such as {"pageSize":20}`);
  }
}
