/** When and how often a call is tried again. Delays in milliseconds. */
export interface RetryOptions {
  /** Tries in all, the first included; 3 unless stated. */
  readonly attempts?: number | undefined;
  /** The bound of the first delay, which doubles with each try; 100 unless stated. */
  readonly baseMs?: number | undefined;
  /** The bound of every delay; 2000 unless stated. */
  readonly maxMs?: number | undefined;
  /** An answer whose `Retry-After` asks for more than this is not retried; 5000 unless stated. */
  readonly maxRetryAfterMs?: number | undefined;
}

export type RetryPolicy = { readonly [Name in keyof RetryOptions]-?: number };

const DEFAULT_POLICY: RetryPolicy = { attempts: 3, baseMs: 100, maxMs: 2000, maxRetryAfterMs: 5000 };

/** The policy of a call: its own options over the client's over the defaults. `false` means a single try. */
export function retryPolicy(...layers: readonly (RetryOptions | false | undefined)[]): RetryPolicy {
  let policy = DEFAULT_POLICY;
  for (const layer of layers) {
    if (layer === false) policy = { ...policy, attempts: 1 };
    else if (layer !== undefined) policy = { ...policy, ...stated(layer) };
  }
  return policy;
}

/** Exponential back-off with full jitter. `attempt` counts from 1. */
export function backOff(policy: RetryPolicy, attempt: number, random: () => number): number {
  return random() * Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
}

/**
 * The delay that a `Retry-After` header asks for, in milliseconds (RFC 9110, 10.2.3: seconds or a date);
 * undefined where it says nothing that can be read.
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function stated(options: RetryOptions): Partial<RetryPolicy> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
