import { errors } from 'undici';
import { GatewayError } from '../errors.ts';
import type { TrafficOutcome } from '../instances/instance.ts';

/** Errors after which nobody can say how far the plugin came; in words, because the originals hold addresses. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens at its address'],
  ['ECONNRESET', 'the connection broke before the answer'],
  ['EPIPE', 'the connection broke before the answer'],
  ['UND_ERR_SOCKET', 'the connection broke before the answer'],
  ['UND_ERR_CLOSED', 'its instance was taken out'],
  ['UND_ERR_DESTROYED', 'its instance was taken out'],
  ['UND_ERR_HEADERS_OVERFLOW', 'the headers of its answer are too large'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'its answer is not as long as it says'],
  ['ENOTFOUND', 'its host name is not known'],
  ['EAI_AGAIN', 'its host name is not known'],
  ['EHOSTUNREACH', 'its host cannot be reached'],
  ['ENETUNREACH', 'its host cannot be reached'],
]);

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'ETIMEDOUT',
]);

/** What to answer when a call to a plugin failed before its answer began. */
export function upstreamError(error: unknown, pluginId: string, timeout: number): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  if (TIMEOUTS.has(code)) return upstreamTimeout(pluginId, timeout);
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') {
    return new GatewayError('bad-request', 'the body is not as long as Content-Length says');
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new GatewayError('bad-header', 'the request has a header that cannot be passed on');
  }
  const reason =
    REASONS.get(code) ??
    (error instanceof errors.HTTPParserError ? 'its answer is not HTTP' : 'the call failed');
  return new GatewayError('upstream-failed', `${pluginId} did not answer: ${reason}`, {
    cause: new Error(code),
  });
}

/** @param timeout in milliseconds */
export function upstreamTimeout(pluginId: string, timeout: number): GatewayError {
  return new GatewayError('upstream-timeout', `${pluginId} did not answer within ${timeout} ms`);
}

/** What a failed call says about the instance; undefined where the fault was not its. */
export function outcomeOf(error: GatewayError): TrafficOutcome | undefined {
  if (error.code === 'upstream-timeout') return { kind: 'timed-out' };
  return error.code === 'upstream-failed' ? { kind: 'connection-failed' } : undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
