import type { Circuit, Pass } from './circuit.ts';
import type { Instance, TrafficOutcome } from './instance.ts';

/** One request on its way to one instance. */
export interface Attempt {
  readonly instance: Instance;
  /** What came of it; more than once where an answer began well and then broke off. */
  observe(outcome: TrafficOutcome): void;
  /** It is over. Where nothing was observed, it counts for nothing. A second call does nothing. */
  end(): void;
}

/** What an attempt is counted at. */
export interface Attempted {
  readonly instance: Instance;
  readonly circuit: Circuit;
  /** Requests under way. */
  pending: number;
}

/** What an attempt has to do with others. */
export interface AttemptSurroundings {
  /** A connection to this instance failed. */
  suspect(instance: Instance): void;
  /**
   * Whether a plugin that this one requires cannot serve. What it refuses or answers too late then says nothing about
   * itself: it has other endpoints, which may work well.
   */
  suffersFromOthers(): boolean;
}

/** Begins an attempt: it counts as under way, and is the probe of a half-open circuit. */
export function beginAttempt(at: Attempted, surroundings: AttemptSurroundings): Attempt {
  return new CountedAttempt(at, surroundings);
}

/** A class, because every request makes one: its methods are shared. */
class CountedAttempt implements Attempt {
  readonly instance: Instance;
  readonly #at: Attempted;
  readonly #surroundings: AttemptSurroundings;
  readonly #pass: Pass;
  #over = false;

  constructor(at: Attempted, surroundings: AttemptSurroundings) {
    this.instance = at.instance;
    this.#at = at;
    this.#surroundings = surroundings;
    this.#pass = at.circuit.begin();
    at.pending += 1;
  }

  observe(outcome: TrafficOutcome): void {
    if (this.#over) return;
    const complaint = complaintOf(outcome);
    if (complaint === undefined) this.#at.circuit.succeeded(this.#pass);
    else if (!this.#isExcused(outcome)) this.#at.circuit.failed(this.#pass, complaint);
    if (outcome.kind === 'connection-failed') this.#surroundings.suspect(this.instance);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#at.pending -= 1;
    this.#at.circuit.released(this.#pass);
  }

  #isExcused({ kind }: TrafficOutcome): boolean {
    return (kind === 'answered' || kind === 'timed-out') && this.#surroundings.suffersFromOthers();
  }
}

/** What speaks against an instance, in words; a plain 500 is the plugin's own business. */
function complaintOf(outcome: TrafficOutcome): string | undefined {
  switch (outcome.kind) {
    case 'answered':
      return outcome.status >= 502 && outcome.status <= 504 ? `was answered ${outcome.status}` : undefined;
    case 'connection-failed':
      return 'had no answer, because the connection failed';
    case 'broken':
      return 'had an answer that broke off or made no sense';
    case 'timed-out':
      return 'had no answer in time';
  }
}
