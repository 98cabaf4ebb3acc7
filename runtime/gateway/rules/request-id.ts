const WELL_FORMED = /^[A-Za-z0-9._-]{1,128}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The client's `X-Request-ID` where it is fit for logs and headers, else a fresh one. */
export function requestIdOf(given: string | string[] | undefined, fresh: () => string): string {
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : fresh();
}

/** Whether a `traceparent` may be passed on (W3C Trace Context, version 00 or a later one of the same shape). */
export function isTraceparent(value: string | undefined): value is string {
  return value !== undefined && TRACEPARENT.test(value);
}

/** A `traceparent` that begins a trace, from 24 random bytes in hexadecimal digits. */
export function newTraceparent(randomHex: string): string {
  return `00-${randomHex.slice(0, 32)}-${randomHex.slice(32, 48)}-01`;
}
