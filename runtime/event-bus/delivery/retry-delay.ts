/** Times in milliseconds. */
export interface RetryPolicy {
  /** After so many, a message is a dead letter. */
  readonly attempts: number;
  /** Before the second attempt; doubled each time. */
  readonly initial: number;
  /** The longest wait. */
  readonly max: number;
}

/**
 * How long to wait after a failed attempt: exponential, of which a random half is taken off, so that what failed together
 * does not come back together.
 *
 * @param attempt the one that failed, from 1
 * @param random from 0 to below 1
 */
export function retryDelay({ initial, max }: RetryPolicy, attempt: number, random: number): number {
  const whole = Math.min(max, initial * 2 ** (attempt - 1));
  return whole / 2 + (whole / 2) * random;
}
