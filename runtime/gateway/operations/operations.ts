import type { Exposition } from '../observability/metrics.ts';
import type { GatewayStatus } from './gateway-status.ts';
import type { ReloadOutcome } from './reload-outcome.ts';

/** What an operator asks of the gateway as a whole, however many processes it has. */
export interface Operations {
  /** Reads configuration and table anew, and serves them, or leaves everything as it is. */
  reload(): Promise<ReloadOutcome>;
  status(): Promise<GatewayStatus>;
  metrics(): Promise<Exposition>;
}
