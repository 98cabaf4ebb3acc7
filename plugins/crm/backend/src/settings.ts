/** Where and how this plugin runs: deployment, from the environment. The SDK reads `GATEWAY_URL` itself. */
export interface Settings {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Where the gateway reaches this plugin; undefined where host and port say it. */
  readonly instanceUrl: string | undefined;
  readonly logLevel: string;
  /** The plugin's config as an administrator gives it, unchecked. */
  readonly config: unknown;
  /** Whether the tenants `demo` and `acme` begin with something to look at. */
  readonly demoData: boolean;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Throws an error that names the variable when one cannot be used. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const value = (name: string) => (environment[name] === '' ? undefined : environment[name]);
  return {
    port: readPort(value('PORT') ?? '3100'),
    host: value('HOST') ?? '127.0.0.1',
    instanceUrl: readUrl('INSTANCE_URL', value('INSTANCE_URL')),
    logLevel: oneOf('LOG_LEVEL', logLevels, value('LOG_LEVEL') ?? 'info'),
    config: readJson('CRM_CONFIG', value('CRM_CONFIG') ?? '{}'),
    demoData: oneOf('CRM_DEMO_DATA', ['on', 'off'], value('CRM_DEMO_DATA') ?? 'on') === 'on',
  };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65535) return port;
  throw new Error(`PORT must be a number from 0 to 65535, but is "${text}"`);
}

function readUrl(name: string, text: string | undefined): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new Error(`${name} must be a URL such as http://127.0.0.1:3100, but is "${text}"`);
}

function oneOf(name: string, choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  throw new Error(`${name} must be one of ${choices.join(', ')}, but is "${text}"`);
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} must be JSON, such as {"pageSize":20}`);
  }
}
