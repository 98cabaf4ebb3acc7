import type { HealthReport } from '@plexica/types';
import type { PluginIdentity } from './plugin-service.ts';

/** A server that takes a handler for GET: a Fastify instance. */
export interface RouteHost {
  get(path: string, handler: () => Promise<unknown>): unknown;
  readonly log?: { warn(details: object, message: string): void };
}

/** Says how a part is, in a word: `ok`, `connected`, `reachable` … are well, every other word is not. */
export type HealthPart = () => string | Promise<string>;

export interface HealthRouteOptions {
  readonly plugin: string;
  readonly version: string;
  /** What the plugin relies on, by name. */
  readonly parts?: Readonly<Record<string, HealthPart>> | undefined;
  /** How long a part may take, in milliseconds; 500 unless stated, so that the gateway's check still gets its answer. */
  readonly partTimeoutMs?: number | undefined;
}

/** The gateway counts the same words as well; it is no part of what plugins install. */
export const WELL: ReadonlySet<string> = new Set([
  'active',
  'alive',
  'available',
  'connected',
  'healthy',
  'ok',
  'online',
  'operational',
  'pass',
  'reachable',
  'ready',
  'running',
  'up',
]);

/** The longest word that a health report may hold. */
const LONGEST_WORD = 200;

/**
 * Serves `GET /health`: always 200, with status `ok`, or `degraded` where a part is not well. A part that throws
 * is reported as `failed`, with the reason in the log alone, and one that hangs as `timed out`.
 */
export function healthRoute(app: RouteHost, options: HealthRouteOptions): void {
  const { plugin, version, parts = {}, partTimeoutMs = 500 } = options;
  app.get('/health', async (): Promise<HealthReport> => {
    const words = await Promise.all(
      Object.entries(parts).map(async ([name, part]): Promise<[string, string]> => {
        const word = await wordOf(part, partTimeoutMs).catch((error: unknown) => {
          app.log?.warn({ err: error, part: name }, 'a part of the health check failed');
          return 'failed';
        });
        return [name, word];
      }),
    );
    return {
      status: words.every(([, word]) => WELL.has(word.trim().toLowerCase())) ? 'ok' : 'degraded',
      plugin,
      version,
      timestamp: new Date().toISOString(),
      services: Object.fromEntries(words),
    };
  });
}

/** Serves `GET /info`: who the plugin is and which services it offers. */
export function infoRoute(app: RouteHost, plugin: PluginIdentity): void {
  const { id, name, version, services } = plugin;
  app.get('/info', async () => ({ id, name, version, services }));
}

async function wordOf(part: HealthPart, timeoutMs: number): Promise<string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(late.resolve, timeoutMs, 'timed out');
  try {
    // `async` so that a part which throws at once fails like one that rejects.
    const word: unknown = await Promise.race([(async () => await part())(), late.promise]);
    return String(word).slice(0, LONGEST_WORD);
  } finally {
    clearTimeout(timer);
  }
}
