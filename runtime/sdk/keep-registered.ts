import type { GatewayClient } from './gateway-client.ts';
import type { RegistrationLog } from './register-with-gateway.ts';
import { heartbeat, type Registered } from './registration-calls.ts';
import { ServiceCallError } from './service-call-error.ts';

export interface KeepOptions {
  readonly baseUrl: string;
  readonly signal: AbortSignal;
  readonly log: RegistrationLog;
  readonly first: Registered;
  /** Registers again, as often as it takes. */
  readonly register: () => Promise<Registered>;
  /** Registers again, if the gateway takes it now. */
  readonly renew: () => Promise<Registered>;
}

/**
 * Sends heartbeats until the signal, and registers again where the gateway has forgotten the instance or no longer
 * knows the token. The token is renewed when half of its time is over: as long as it was given for, the gateway may be
 * away for half of that before anything ends. Never rejects.
 */
export async function keepRegistered(gateway: GatewayClient, options: KeepOptions): Promise<void> {
  const { signal, log } = options;
  const { timing } = gateway;
  let { heartbeatMs } = options.first;
  let renewAt = halfway(options.first.expiresAt);
  while (await elapsed(gateway, heartbeatMs, signal)) {
    if (timing.now() >= renewAt) {
      try {
        take(await options.renew());
        continue;
      } catch (error) {
        if (signal.aborted) return;
        // The old one may still be good, and the instance is as well as it was: the heartbeat finds out.
        log.warn(`the token of ${gateway.pluginId} could not be renewed: ${wordsOf(error)}`);
      }
    }
    try {
      const expiresAt = await heartbeat(gateway, options.baseUrl, signal);
      if (expiresAt !== undefined) renewAt = halfway(expiresAt);
      continue;
    } catch (error) {
      if (signal.aborted) return;
      log.warn(wordsOf(error));
      if (!isForgotten(error)) continue;
      // A token that has ended, or that another gateway's keys signed: the one that the client was made with is left.
      if (error.status === 401) gateway.renewToken(undefined);
    }
    try {
      take(await options.register());
      log.info(`registered ${gateway.pluginId} again as ${options.baseUrl}`);
    } catch (error) {
      if (signal.aborted) return;
      log.warn(`${gateway.pluginId} could not register again: ${wordsOf(error)}`);
    }
  }

  function take(registered: Registered): void {
    heartbeatMs = registered.heartbeatMs;
    renewAt = halfway(registered.expiresAt);
  }

  /** Never, for a token that does not say when it ends. */
  function halfway(expiresAt: number | undefined): number {
    return expiresAt === undefined ? Number.POSITIVE_INFINITY : (timing.now() + expiresAt) / 2;
  }
}

/** Whether the time went by; false where the signal ended it. */
async function elapsed(gateway: GatewayClient, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return await gateway.timing.wait(milliseconds, { signal, background: true }).then(
    () => true,
    () => false,
  );
}

function isForgotten(error: unknown): error is ServiceCallError {
  return error instanceof ServiceCallError && (error.status === 404 || error.status === 401);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
