/** A signal for one call, with what else may end it. */
export interface Deadline {
  /** Fires when the time is over, or the caller's signal fires. */
  readonly signal: AbortSignal;
  readonly expired: boolean;
  /** Must be called when the call is over: it lets go of the timer and of the caller's signal. */
  release(): void;
}

/** What a timer can hold: 24 days. A longer one fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** One timer and one listener a call, both taken back: `AbortSignal.timeout` would keep its timer to the end. */
export function deadline(timeoutMs: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let expired = false;
  const expire = () => {
    expired = true;
    controller.abort();
  };
  const pass = () => controller.abort(outer?.reason);
  const timer = setTimeout(expire, Math.min(timeoutMs, LONGEST_MS));
  outer?.addEventListener('abort', pass, { once: true });
  if (outer?.aborted) pass();
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    release: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', pass);
    },
  };
}
