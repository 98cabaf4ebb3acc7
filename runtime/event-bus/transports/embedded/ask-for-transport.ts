import type { Clock } from '../../clock.ts';
import { type RetryPolicy, retryDelay } from '../../delivery/retry-delay.ts';
import { busErrorOf, callGateway, GatewayCallError } from './gateway-calls.ts';
import type { GatewayPort } from './gateway-port.ts';

const AGAIN: RetryPolicy = { attempts: Number.POSITIVE_INFINITY, initial: 100, max: 2_000 };

/**
 * Which transport plexica.yaml names, and where it is. Plugins and the gateway are often started together: one that does
 * not answer yet is waited for.
 *
 * @param patience for how long, in milliseconds
 * @throws EventBusError `transport-refused`, `transport-unavailable`
 */
export async function askForTransport(
  gateway: GatewayPort,
  { clock, patience }: { readonly clock: Clock; readonly patience: number },
): Promise<unknown> {
  const deadline = clock.now() + patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callGateway(gateway, '/events/transport');
    } catch (error) {
      const mayPass = !(error instanceof GatewayCallError) || error.mayPass;
      if (!mayPass || clock.now() >= deadline) throw busErrorOf(error);
      await new Promise<void>((resolve) => {
        clock.after(retryDelay(AGAIN, attempt, clock.random()), resolve);
      });
    }
  }
}
