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
}

/**
 * Sends heartbeats until the signal, and registers again where the gateway has forgotten the instance, no
 * longer knows the token, or the token is about to end. Never rejects.
 */
export async function keepRegistered(gateway: GatewayClient, options: KeepOptions): Promise<void> {
  const { signal, log } = options;
  let { heartbeatMs, expiresAt } = options.first;
  while (await elapsed(gateway, heartbeatMs, signal)) {
    try {
      const soon = gateway.timing.now() + 2 * heartbeatMs;
      if (expiresAt === undefined || expiresAt > soon) {
        expiresAt = (await heartbeat(gateway, options.baseUrl, signal)) ?? expiresAt;
        continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn(wordsOf(error));
      if (!isForgotten(error)) continue;
      // A gateway with other keys knows no token that the last one made.
      if (error.status === 401) gateway.renewToken(undefined);
    }
    try {
      ({ heartbeatMs, expiresAt } = await options.register());
      log.info(`registered ${gateway.pluginId} again as ${options.baseUrl}`);
    } catch (error) {
      if (signal.aborted) return;
      log.warn(`${gateway.pluginId} could not register again: ${wordsOf(error)}`);
    }
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
