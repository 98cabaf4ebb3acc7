import { expect, it } from 'vitest';
import { GatewayError } from '../errors.ts';
import { isIdempotent, nextAttempt, type TriedRequest } from './next-attempt.ts';
import type { UpstreamFailure } from './upstream-error.ts';

const GET: TriedRequest = { repeatable: true, bodyBegun: false, fresh: false, repeated: false };
const POST: TriedRequest = { ...GET, repeatable: false };

const refused = failure('connection-failed', 'never-made');
const stale = failure('connection-failed', 'reused');
const reset = failure('connection-failed', 'new');
const broken = failure('broken', 'reused');
const late = failure('timed-out', undefined);
const notConnected = failure('timed-out', 'never-made');
const ownFault = failure(undefined, 'never-made');
const clientsFault = failure(undefined, undefined);

it.each<[string, UpstreamFailure, TriedRequest, string]>([
  ['refused', refused, GET, 'another-instance'],
  ['refused, whatever it is', refused, POST, 'another-instance'],
  ['refused, after its body had begun', refused, { ...POST, bodyBegun: true }, 'none'],
  ['refused once more', refused, { ...GET, repeated: true }, 'another-instance'],
  ['no connection in time', notConnected, POST, 'another-instance'],
  ['a kept connection broke', stale, GET, 'fresh'],
  ['a kept connection broke under what may not be repeated', stale, POST, 'none'],
  ['a fresh connection broke', stale, { ...GET, fresh: true }, 'another-instance'],
  ['a new connection broke', reset, GET, 'another-instance'],
  ['a new connection broke under what may not be repeated', reset, POST, 'none'],
  ['a second instance failed', reset, { ...GET, repeated: true }, 'none'],
  ['an answer that is none', broken, GET, 'another-instance'],
  ['an answer that is none, for what may not be repeated', broken, POST, 'none'],
  ['time is over', late, GET, 'none'],
  ['the gateway can make no connection to anybody', ownFault, GET, 'none'],
  ['the client is gone', clientsFault, GET, 'none'],
])('%s', (_, failed, tried, next) => {
  expect(nextAttempt(failed, tried)).toBe(next);
});

it('what may be repeated is what the manifest says, and else what only reads', () => {
  expect(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].filter((method) => isIdempotent(method, {}))).toEqual([
    'GET',
    'HEAD',
  ]);
  expect(isIdempotent('POST', { idempotent: true })).toBe(true);
  expect(isIdempotent('GET', { idempotent: false })).toBe(false);
});

function failure(
  kind: 'connection-failed' | 'broken' | 'timed-out' | undefined,
  connection: UpstreamFailure['connection'],
): UpstreamFailure {
  const error = new GatewayError('upstream-failed', 'it failed');
  return { error, outcome: kind && { kind }, connection };
}
