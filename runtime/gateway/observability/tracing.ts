import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { TelemetryConfig } from '../config/gateway-config.ts';
import type { ErrorCode } from '../errors.ts';
import type { RequestHead } from '../rules/request-head.ts';
import { continueTrace, type Trace } from '../rules/traceparent.ts';
import type { Metrics } from './metrics.ts';
import type { RequestNotes } from './request-notes.ts';

/** Follows requests through the gateway, and tells a collector of them where there is one. */
export interface Tracing {
  /** The head of a request has come. */
  begin(head: RequestHead): RequestTrace;
  /** Hands over what is left, within a time limit of its own. */
  close(): Promise<void>;
}

/** One request. */
export interface RequestTrace extends Trace {
  /** The request is sent to an instance, not for the first time where `retries` is not 0. */
  attempt(notes: RequestNotes, instanceId: string, retries: number): AttemptTrace;
  /** @param refusal the code with which the gateway answered by itself */
  end(notes: RequestNotes, status: number, refusal: ErrorCode | undefined): void;
}

/** One call of an instance. What comes first of an answer and a failure is how it ended. */
export interface AttemptTrace {
  /** The header for the instance. */
  readonly traceparent: string;
  /** The head of its answer has come. */
  answered(status: number): void;
  failed(code: ErrorCode): void;
}

/** The OpenTelemetry packages are read from disk only where spans are exported: they would make every start slower. */
export async function createTracing(
  telemetry: TelemetryConfig | undefined,
  metrics: Pick<Metrics, 'exported'>,
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
): Promise<Tracing> {
  if (telemetry === undefined) return PASSING_ON;
  const { createOtlpTracing } = await import('./otlp-tracing.ts');
  return createOtlpTracing(telemetry, metrics, log);
}

/** Records nothing: plugins stand in the client's trace as if there were no gateway. */
export const PASSING_ON: Tracing = {
  begin({ rawHeaders }) {
    const trace = continueTrace(rawHeaders, freshHex);
    return { ...trace, attempt: () => unrecorded(trace.traceparent), end: () => undefined };
  },
  close: async () => undefined,
};

/** Node keeps random bytes for UUIDs in store: two of them cost a tenth of as many bytes of one's own. */
function freshHex(): string {
  return (randomUUID() + randomUUID()).replaceAll('-', '');
}

/** A call of which nobody is told. */
export function unrecorded(traceparent: string): AttemptTrace {
  return { traceparent, answered: () => undefined, failed: () => undefined };
}
