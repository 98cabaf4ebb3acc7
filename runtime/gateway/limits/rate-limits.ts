import type { FastifyBaseLogger } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import { describeFailure } from '../server/create-log.ts';
import { type ApplicableLimit, applicableLimits, type LimitedRequest } from './applicable-limits.ts';
import type { RateLimitStore } from './rate-limit-store.ts';

/** Holds requests to the limits of manifests and of plexica.yaml. */
export interface RateLimits {
  /**
   * Counts a request. Undefined, at once, where nothing limits it.
   *
   * @returns headers for the answer, in lower case, which say how much is left of the limit that is closest
   * @throws GatewayError `rate-limited`
   */
  check(
    request: LimitedRequest,
    settings: GatewayConfig['rateLimits'],
  ): Promise<Readonly<Record<string, string>>> | undefined;
  /** Gives the connections of the store back. */
  close(): Promise<void>;
}

export interface RateLimitsOptions {
  readonly store: RateLimitStore;
  readonly metrics: Pick<Metrics, 'rateLimited' | 'uncounted'>;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

/** While the store fails, requests pass: an outage of what counts is none of what is counted. */
export function createRateLimits({ store, metrics, log }: RateLimitsOptions): RateLimits {
  let failing = false;

  return {
    check(request, settings) {
      const limits = applicableLimits(request, settings);
      return limits.length === 0 ? undefined : checkAll(limits);
    },
    close: () => store.close(),
  };

  async function checkAll(limits: readonly ApplicableLimit[]): Promise<Readonly<Record<string, string>>> {
    let closest: Standing | undefined;
    for (const limit of limits) {
      const standing = await standingOf(limit);
      if (standing === undefined) continue;
      if (standing.over) {
        metrics.rateLimited(limit.kind);
        throw rateLimited(limit, standing);
      }
      if (closest === undefined || standing.remaining < closest.remaining) closest = standing;
    }
    return closest === undefined ? {} : headersOf(closest);
  }

  async function standingOf(limit: ApplicableLimit): Promise<Standing | undefined> {
    try {
      const { count, resetMs } = await store.take(limit.key, limit.windowMs);
      if (failing) log.info('rate limits count again');
      failing = false;
      const resetSeconds = Math.max(1, Math.ceil(resetMs / 1000));
      return {
        max: limit.max,
        remaining: Math.max(0, limit.max - count),
        resetSeconds,
        over: count > limit.max,
      };
    } catch (error) {
      metrics.uncounted();
      if (!failing)
        log.warn({ error: describeFailure(error) }, 'rate limits cannot count: requests pass uncounted');
      failing = true;
      return undefined;
    }
  }
}

/** Where a request stands in a limit. */
interface Standing {
  readonly max: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly over: boolean;
}

/** Both spellings are in use: that of the IETF's draft, and the one before it. */
function headersOf({ max, remaining, resetSeconds }: Standing): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const prefix of ['ratelimit', 'x-ratelimit']) {
    headers[`${prefix}-limit`] = String(max);
    headers[`${prefix}-remaining`] = String(remaining);
    headers[`${prefix}-reset`] = String(resetSeconds);
  }
  return headers;
}

function rateLimited({ kind, max, windowMs, counts }: ApplicableLimit, standing: Standing): GatewayError {
  const { resetSeconds } = standing;
  return new GatewayError(
    'rate-limited',
    `over the ${kind} limit: ${max} ${counts} in ${windowMs / 1000} s; try again in ${resetSeconds} s`,
    { headers: { ...headersOf(standing), 'retry-after': String(resetSeconds) } },
  );
}
