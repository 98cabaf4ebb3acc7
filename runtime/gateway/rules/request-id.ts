const WELL_FORMED = /^[A-Za-z0-9._-]{1,128}$/;

/** The client's `X-Request-ID` where it is fit for logs and headers, else a fresh one. */
export function requestIdOf(given: string | string[] | undefined, fresh: () => string): string {
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : fresh();
}
