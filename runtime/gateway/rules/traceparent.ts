import { singleHeader } from './request-head.ts';

/** Where in a trace somebody stands (W3C Trace Context). */
export interface TracePosition {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
}

/** The trace that a request belongs to, and what the next one is told of it. */
export interface Trace {
  readonly traceId: string;
  /** The header for whoever gets the request. */
  readonly traceparent: string;
  /** Whether the client began the trace: then its `tracestate` belongs to it. */
  readonly continued: boolean;
}

const SHAPE = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 0x01;

/** Undefined for what is no `traceparent`. Of later versions than 00 the part is read that all have in common. */
export function parseTraceparent(value: string | undefined): TracePosition | undefined {
  const [, version, traceId, spanId, flags, rest] = SHAPE.exec(value ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === '00' && rest !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TracePosition): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** These headers, whose last one is a `traceparent`, with another value for it. */
export function withTraceparent(headers: string[], traceparent: string): string[] {
  return headers.at(-1) === traceparent ? headers : headers.with(-1, traceparent);
}

/** Where the client stands; undefined without a `traceparent`, or with more than one. */
export function clientPosition(rawHeaders: readonly string[]): TracePosition | undefined {
  return parseTraceparent(singleHeader(rawHeaders, 'traceparent'));
}

/**
 * Goes on with the client's trace as it is, or begins one: for a gateway that records no spans of its own.
 *
 * @param freshHex gives 48 random hexadecimal digits or more
 */
export function continueTrace(rawHeaders: readonly string[], freshHex: () => string): Trace {
  const position = clientPosition(rawHeaders);
  if (position !== undefined) {
    return { traceId: position.traceId, traceparent: formatTraceparent(position), continued: true };
  }
  const hex = freshHex();
  const traceId = hex.slice(0, 32);
  const traceparent = formatTraceparent({ traceId, spanId: hex.slice(32, 48), sampled: true });
  return { traceId, traceparent, continued: false };
}
