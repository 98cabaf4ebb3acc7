import type { RouteTableRoute } from '@plexica/types';
import type { UpstreamFailure } from './upstream-error.ts';

/** What is known of a request that was tried and failed before its answer began. */
export interface TriedRequest {
  /** Doing it twice does no harm, and its body, if there is one, can be sent again. */
  readonly repeatable: boolean;
  /** Whether some of a body that cannot be sent again was taken from the client. */
  readonly bodyBegun: boolean;
  /** Whether its connection was made for it alone. */
  readonly fresh: boolean;
  /** Whether a plugin may have had it before, at another instance. */
  readonly repeated: boolean;
}

/** `fresh`: at the same instance, over a connection that nothing happened on before. */
export type NextAttempt = 'fresh' | 'another-instance' | 'none';

/**
 * Where a request may go after a failed attempt. Time that ran out is not spent again.
 *
 * - No connection was made: nothing was sent, and another instance may have it, whatever it is.
 * - A connection that had served before broke: in all likelihood the plugin had just closed it. What may be repeated gets
 *   a new one, so that no keep-alive connection closed at the worst moment loses a request.
 * - Anything else that may be repeated goes to another instance, once.
 */
export function nextAttempt({ outcome, connection }: UpstreamFailure, tried: TriedRequest): NextAttempt {
  if (outcome === undefined) return 'none';
  if (connection === 'never-made') return tried.bodyBegun ? 'none' : 'another-instance';
  if (!tried.repeatable || outcome.kind === 'timed-out') return 'none';
  if (outcome.kind === 'connection-failed' && connection === 'reused' && !tried.fresh) return 'fresh';
  return tried.repeated ? 'none' : 'another-instance';
}

/** Whether a repeated request does no harm: what the manifest says; else as HTTP has it for what only reads. */
export function isIdempotent(
  method: string | undefined,
  route: Pick<RouteTableRoute, 'idempotent'>,
): boolean {
  return route.idempotent ?? (method === 'GET' || method === 'HEAD');
}
