import type { CircuitConfig } from '../config/gateway-config.ts';
import type { Cancel, Clock } from './clock.ts';
import { createFailureWindow } from './failure-window.ts';

/** `half-open` lets one request through, the probe, whose outcome closes or opens it. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/**
 * Which state of the circuit a request began in. An outcome of another time counts for nothing: what was under way when
 * the circuit opened must not close it again.
 */
export type Pass = number;

/**
 * Takes an instance out that fails under real traffic, whatever its health checks say, and tries it again after a
 * while. It belongs to one instance: what is counted and what is looked up cannot be told apart by a name.
 */
export interface Circuit {
  readonly state: CircuitState;
  /** Whether a request may go through now. */
  readonly admits: boolean;
  /** Why it is not closed, in words; undefined where it is. */
  readonly reason: string | undefined;
  /** Milliseconds until the next probe may go through; 0 where nothing is waited for but the one under way. */
  readonly wait: number;
  /** A request goes through; in a half-open circuit it is the probe. Only where it admits one. */
  begin(): Pass;
  succeeded(pass: Pass): void;
  /** @param what happened, in words, such as `was answered 503` */
  failed(pass: Pass, what: string): void;
  /** The request ended without a word about the instance: a probe gives its place back. */
  released(pass: Pass): void;
  /** Something has changed at the instance: an open circuit lets its probe through at once. */
  probeSoon(): void;
  /** Goes on with other settings. */
  follow(settings: CircuitConfig): void;
  /** Nothing happens any more. */
  stop(): void;
}

export interface CircuitOptions {
  readonly settings: CircuitConfig;
  readonly clock: Clock;
  readonly onChange: (from: CircuitState, circuit: Circuit) => void;
}

/** The longest opening, as a multiple of the first: each one in a row is twice as long as the one before. */
const LONGEST = 10;
/** Up to this part is added to an opening at random, so that several gateways do not probe together. */
const JITTER = 0.2;

export function createCircuit({ clock, onChange, ...given }: CircuitOptions): Circuit {
  let { settings } = given;
  let seen = createFailureWindow(settings.window);
  let state: CircuitState = 'closed';
  /** Goes up with every change of the state. */
  let era: Pass = 0;
  let probing = false;
  let reason: string | undefined;
  /** Openings since it was last closed. */
  let openings = 0;
  let opensUntil = 0;
  let cancelOpening: Cancel | undefined;

  const circuit: Circuit = {
    get state() {
      return state;
    },
    get admits() {
      return state === 'closed' || (state === 'half-open' && !probing);
    },
    get reason() {
      return reason;
    },
    get wait() {
      return state === 'open' ? Math.max(0, opensUntil - clock.now()) : 0;
    },
    begin() {
      if (state === 'half-open') probing = true;
      return era;
    },
    succeeded(pass) {
      if (pass !== era) return;
      if (state === 'closed') seen.add(clock.now(), false);
      else if (state === 'half-open') close();
    },
    failed(pass, what) {
      if (pass !== era) return;
      if (state === 'half-open') return open(`the request that tried it again ${what}`);
      if (state !== 'closed') return;
      seen.add(clock.now(), true);
      if (seen.failures < settings.failures || seen.failures * 2 < seen.total) return;
      const seconds = settings.window / 1000;
      open(`${seen.failures} of ${seen.total} requests failed within ${seconds} s; the last one ${what}`);
    },
    released(pass) {
      if (pass === era) probing = false;
    },
    probeSoon() {
      if (state === 'open') halfOpen();
    },
    follow(next) {
      if (next.window !== settings.window) seen = createFailureWindow(next.window);
      settings = next;
    },
    stop() {
      cancelOpening?.();
    },
  };
  return circuit;

  function open(why: string): void {
    const longer = Math.min(2 ** openings, LONGEST);
    const ms = settings.open * longer * (1 + JITTER * clock.random());
    openings += 1;
    reason = why;
    opensUntil = clock.now() + ms;
    cancelOpening?.();
    cancelOpening = clock.after(ms, halfOpen);
    change('open');
  }

  function halfOpen(): void {
    cancelOpening?.();
    change('half-open');
  }

  function close(): void {
    openings = 0;
    reason = undefined;
    seen.clear();
    change('closed');
  }

  function change(to: CircuitState): void {
    const from = state;
    state = to;
    era += 1;
    probing = false;
    onChange(from, circuit);
  }
}
