import type { GatewayClient } from './gateway-client.ts';
import { keepRegistered } from './keep-registered.ts';
import type { PluginService } from './plugin-service.ts';
import { type Registered, register, unregister } from './registration-calls.ts';
import { backOff, type RetryPolicy } from './retry.ts';
import { ServiceCallError } from './service-call-error.ts';

export interface RegistrationOptions {
  /** `services` of the generated plugin constants. */
  readonly services: readonly PluginService[];
  /** Where the gateway reaches this instance. */
  readonly baseUrl?: string | undefined;
  /** Short for the base URL `http://localhost:{port}`. */
  readonly port?: number | undefined;
  /** Gives up: before the gateway has answered the promise rejects, later the instance is no longer kept alive. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens; Fastify's `log` fits. Nothing is told unless stated. */
  readonly log?: RegistrationLog | undefined;
}

export interface RegistrationLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface Registration {
  readonly baseUrl: string;
  /** Takes the instance out at the gateway and stops keeping it alive. Never rejects; a second call does nothing. */
  close(): Promise<void>;
}

const BACK_OFF: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  baseMs: 200,
  maxMs: 5000,
  maxRetryAfterMs: 60_000,
};

/**
 * Tells the gateway that this instance serves the plugin's services, waiting for the gateway if it is not up
 * yet, and keeps the instance alive by heartbeats: also over a restart of the gateway. A plugin token that the
 * gateway hands out goes into the client, whose calls use it from then on, and is renewed long before it ends.
 *
 * @throws ServiceCallError where the gateway refuses (400, 401, 403, 409 …), in the gateway's words
 */
export async function registerWithGateway(
  gateway: GatewayClient,
  options: RegistrationOptions,
): Promise<Registration> {
  const baseUrl = options.baseUrl ?? localUrl(options.port);
  const log = options.log ?? { info: () => undefined, warn: () => undefined };
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const registerNow = () => registerPatiently(gateway, { services: options.services, baseUrl, signal, log });
  const renew = () => register(gateway, options.services, baseUrl, signal);

  const first = await registerNow();
  log.info(`registered ${gateway.pluginId} at ${gateway.gatewayUrl} as ${baseUrl}`);
  const kept = keepRegistered(gateway, { baseUrl, signal, log, first, register: registerNow, renew });
  return {
    baseUrl,
    close: async () => {
      if (stop.signal.aborted) return;
      stop.abort();
      await kept;
      await unregister(gateway, options.services, baseUrl).catch((error: unknown) => {
        log.warn(`${gateway.pluginId} could not be taken out at the gateway: ${wordsOf(error)}`);
      });
    },
  };
}

interface Attempt {
  readonly services: readonly PluginService[];
  readonly baseUrl: string;
  readonly signal: AbortSignal;
  readonly log: RegistrationLog;
}

async function registerPatiently(gateway: GatewayClient, attempt: Attempt): Promise<Registered> {
  for (let count = 1; ; count += 1) {
    try {
      return await register(gateway, attempt.services, attempt.baseUrl, attempt.signal);
    } catch (error) {
      if (!isPassing(error)) throw error;
      const delay =
        Math.min(error.retryAfterMs ?? 0, BACK_OFF.maxRetryAfterMs) +
        backOff(BACK_OFF, count, gateway.timing.random);
      attempt.log.warn(`${error.message}; trying again in ${Math.round(delay)} ms`);
      await gateway.timing.wait(delay, { signal: attempt.signal });
    }
  }
}

/** What time may mend: no answer, an answer of the gateway's that says so, or one of a proxy before it. */
function isPassing(error: unknown): error is ServiceCallError {
  if (!(error instanceof ServiceCallError) || error.code === 'aborted') return false;
  return (
    error.code === 'network' ||
    error.code === 'timeout' ||
    error.status >= 500 ||
    [408, 425, 429].includes(error.status)
  );
}

function localUrl(port: number | undefined): string {
  if (port === undefined) throw new TypeError('registerWithGateway needs a baseUrl or a port');
  return `http://localhost:${port}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
