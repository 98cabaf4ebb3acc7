/** Where and how a plugin runs: deployment, from the environment. The client of the gateway reads `GATEWAY_URL` itself. */
export interface PluginSettings {
  /** `PORT`; 0 takes any free port. */
  readonly port: number;
  /** `HOST`. */
  readonly host: string;
  /** `INSTANCE_URL`: where the gateway reaches this instance; undefined where host and port say it. */
  readonly instanceUrl: string | undefined;
  /** `LOG_LEVEL`, in Fastify's words. */
  readonly logLevel: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads what every plugin wants to know of its environment. Empty counts as unset.
 *
 * @param defaults `port`: where the plugin listens unless it is told otherwise
 * @throws Error that names the variable which cannot be used
 */
export function readPluginSettings(
  environment: NodeJS.ProcessEnv,
  defaults: { readonly port: number },
): PluginSettings {
  const value = (name: string) => environment[name] || undefined;
  return {
    port: readPort(value('PORT') ?? String(defaults.port)),
    host: value('HOST') ?? '127.0.0.1',
    instanceUrl: readUrl(value('INSTANCE_URL'), defaults.port),
    logLevel: readLevel(value('LOG_LEVEL') ?? 'info'),
  };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65535) return port;
  throw new Error(`PORT must be a number from 0 to 65535, but is "${text}"`);
}

function readUrl(text: string | undefined, port: number): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new Error(`INSTANCE_URL must be a URL such as http://127.0.0.1:${port}, but is "${text}"`);
}

function readLevel(text: string): string {
  if (LOG_LEVELS.includes(text)) return text;
  throw new Error(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, but is "${text}"`);
}
