import type { RegistrationChange } from '../instances/registration-change.ts';
import type { Count } from '../limits/rate-limit-store.ts';
import type { Exposition, MetricsSnapshot } from '../observability/metrics.ts';
import type { GatewayStatus } from '../operations/gateway-status.ts';
import type { ReloadOutcome, SetupChange } from '../operations/reload-outcome.ts';
import type { ProcessReport } from '../operations/report-process.ts';
import type { StartingSettings } from '../operations/starting-settings.ts';

/** What the primary process may ask of a worker. */
export interface WorkerCalls {
  /** Tells a worker that has said hello who it is. Changes of registrations come after it. */
  begin(beginning: Beginning): Promise<void>;
  /** A sign of life. */
  ping(): Promise<void>;
  /** The first half of a reload; nothing has changed after it. */
  prepareReload(): Promise<PrepareOutcome>;
  /** The second half: what was prepared is served, or forgotten. */
  endReload(end: { readonly serve: boolean }): Promise<void>;
  /** Counts a reload; one worker does it for all. */
  countReload(end: { readonly outcome: ReloadOutcome['outcome'] }): Promise<void>;
  report(): Promise<WorkerReport>;
  applyRegistration(change: RegistrationChange): Promise<void>;
  /** Ends the worker: with the configured time for requests under way, unless another is stated. */
  stop(how: { readonly grace?: number }): Promise<void>;
}

/** What a worker may ask of the primary process. */
export interface PrimaryCalls {
  /** The worker can be told things. */
  hello(): Promise<void>;
  serving(begun: Begun): Promise<void>;
  /** The worker cannot start, and ends. */
  failed(why: { readonly reason: string }): Promise<void>;
  reload(): Promise<ReloadOutcome>;
  status(): Promise<GatewayStatus>;
  metrics(): Promise<Exposition>;
  countRequest(request: { readonly key: string; readonly windowMs: number }): Promise<Count>;
  recordRegistration(change: RegistrationChange): Promise<void>;
}

export interface Beginning {
  /** From 1 on; a successor has the number of the one before. */
  readonly worker: number;
  readonly settings: StartingSettings;
  /** Whether it takes the place of one that died, while others serve. */
  readonly isSuccessor: boolean;
  /** Everybody who is registered. */
  readonly registrations: readonly RegistrationChange[];
}

/** A worker that serves. */
export interface Begun {
  readonly url: string;
  readonly fingerprint: string;
}

export type PrepareOutcome =
  | { readonly ok: true; readonly change: SetupChange; readonly fingerprint: string }
  | { readonly ok: false; readonly reason: string };

export interface WorkerReport extends ProcessReport {
  readonly metrics: MetricsSnapshot;
}
