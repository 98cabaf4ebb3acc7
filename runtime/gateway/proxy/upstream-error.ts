import { errors } from 'undici';
import { GatewayError } from '../errors.ts';
import type { TrafficOutcome } from '../instances/instance.ts';
import { type FailedConnection, failedConnection } from '../instances/open-pool.ts';
import { ownFault } from '../instances/own-fault.ts';

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

/** The plugin did answer, and not as HTTP has it. */
const BROKEN: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** A call that failed before its answer began. */
export interface UpstreamFailure {
  /** What the client may see, where nothing else is tried. */
  readonly error: GatewayError;
  /** What it says about the instance; undefined where the fault was not its. */
  readonly outcome: TrafficOutcome | undefined;
  /** `never-made`: nothing was sent. Undefined where the connection had no part in it. */
  readonly connection: FailedConnection | undefined;
}

/** What became of a call, from what it threw. */
export function upstreamFailure(error: unknown, pluginId: string, timeout: number): UpstreamFailure {
  const answer = upstreamError(error, pluginId, timeout);
  const judged = isBroken(error) ? ({ kind: 'broken' } as const) : outcomeOf(answer);
  return {
    error: answer,
    outcome: ownFault(codeOf(error)) === undefined ? judged : undefined,
    connection: codeOf(error) === 'UND_ERR_CLOSED' ? 'never-made' : failedConnection(error),
  };
}

/** What an answer that began and then failed says about the instance; undefined where the fault was not its. */
export function outcomeOfBody(error: unknown): TrafficOutcome | undefined {
  if (error instanceof GatewayError) return outcomeOf(error);
  return codeOf(error) === 'UND_ERR_ABORTED' ? undefined : { kind: 'broken' };
}

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
  return new GatewayError('upstream-failed', `${pluginId} did not answer: ${reasonOf(error)}`, {
    cause: new Error(code),
  });
}

/** Why a call failed, in words without an address. */
export function reasonOf(error: unknown): string {
  const known = REASONS.get(codeOf(error)) ?? ownFault(codeOf(error));
  if (known !== undefined) return known;
  if (error instanceof errors.HTTPParserError) return 'its answer is not HTTP';
  return failedConnection(error) === 'never-made' ? 'no connection to it can be made' : 'the call failed';
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

function isBroken(error: unknown): boolean {
  return error instanceof errors.HTTPParserError || BROKEN.has(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
