import type { ServerResponse } from 'node:http';
import type { GatewayError } from '../errors.ts';
import type { PlatformEvents } from '../hooks/platform-events.ts';
import type { RequestHead } from '../rules/request-head.ts';
import type { Metrics } from './metrics.ts';
import { callerLabel, notesOf, type RequestNotes } from './request-notes.ts';
import { type AttemptTrace, PASSING_ON, type RequestTrace, type Tracing } from './tracing.ts';

/** One request that may go to a plugin, as metrics, spans and the log see it. */
export interface RequestObservation {
  readonly notes: RequestNotes;
  readonly trace: RequestTrace;
  /** How often it was sent again after the first time. */
  readonly retries: number;
  /** What the gateway answered by itself; undefined where it did not. */
  readonly refusal: GatewayError | undefined;
  /** It is sent to an instance. */
  attempt(instanceId: string): AttemptTrace;
  /** The gateway answers it by itself. */
  refused(refusal: GatewayError): void;
  /** The plugin's answer ended before its end. */
  brokeOff(): void;
}

/** What the steps of an admission add to. */
export type Observed = Pick<RequestObservation, 'notes' | 'trace'>;

/** For a carrier that tells nobody of its requests. */
export function unobserved(head: RequestHead): Observed {
  return { notes: notesOf(head), trace: PASSING_ON.begin(head) };
}

/** Where a request is told of. */
export interface Observers {
  readonly metrics: Pick<Metrics, 'answered'>;
  readonly tracing: Tracing;
  /** Told of requests that are over, for the event `api.request`. */
  readonly platformEvents?: Pick<PlatformEvents, 'noteRequest'>;
}

/** What is counted for a request whose client did not wait for the end of the answer, and of one that has none. */
const CLIENT_GONE = 499;
const BROKEN_OFF = 502;

/** Follows a request until its response is closed, whichever way that comes about, and then counts it, once. */
export function observeRequest(
  observers: Observers,
  head: RequestHead,
  response: ServerResponse,
): RequestObservation {
  const observation = beginObservation(observers, head);
  const end = () => observation.end(response.writableFinished ? response.statusCode : CLIENT_GONE);
  if (response.closed) end();
  else response.once('close', end);
  return observation;
}

/** A request whose carrier says when it is over. */
export interface OpenObservation extends RequestObservation {
  /** @param status of the answer; 499 where the client went away first */
  end(status: number): void;
}

/** Follows a request from its head on. */
export function beginObservation(observers: Observers, head: RequestHead): OpenObservation {
  return new Observation(observers, head);
}

/** A class, because every request makes one. */
class Observation implements OpenObservation {
  readonly notes: RequestNotes;
  readonly trace: RequestTrace;
  readonly #metrics: Observers['metrics'];
  readonly #platformEvents: Observers['platformEvents'];
  readonly #startedAt = performance.now();
  #attempts = 0;
  #refusal: GatewayError | undefined;
  #broken = false;

  constructor({ metrics, tracing, platformEvents }: Observers, head: RequestHead) {
    this.#metrics = metrics;
    this.#platformEvents = platformEvents;
    this.notes = notesOf(head);
    this.trace = tracing.begin(head);
  }

  get retries(): number {
    return Math.max(0, this.#attempts - 1);
  }

  get refusal(): GatewayError | undefined {
    return this.#refusal;
  }

  attempt(instanceId: string): AttemptTrace {
    this.#attempts += 1;
    return this.trace.attempt(this.notes, instanceId, this.#attempts - 1);
  }

  refused(refusal: GatewayError): void {
    this.#refusal = refusal;
  }

  brokeOff(): void {
    this.#broken = true;
  }

  end(answered: number): void {
    const { route, caller } = this.notes;
    const status = this.#broken ? BROKEN_OFF : answered;
    this.trace.end(this.notes, status, this.#refusal?.code);
    if (route === undefined) return;
    const ms = performance.now() - this.#startedAt;
    this.#platformEvents?.noteRequest(this.notes, status, ms);
    this.#metrics.answered({
      pluginId: route.pluginId,
      endpoint: route.endpoint,
      caller: callerLabel(caller),
      status,
      seconds: this.#attempts === 0 ? undefined : ms / 1000,
    });
  }
}
