import type { RateLimitSettings, RateLimitsSettings } from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { RateLimit, RateLimitsConfig } from './gateway-config.ts';
import { positiveDuration } from './positive-duration.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

/** @throws SetupError for a window of nothing, and for what is no URL of Redis */
export function rateLimitsOf(
  { tenant, caller, redis }: RateLimitsSettings,
  document: WorkspaceDocument,
): RateLimitsConfig {
  return {
    tenant: tenant && rateLimitOf(tenant, 'tenant', document),
    caller: caller && rateLimitOf(caller, 'caller', document),
    redis: redis === undefined ? undefined : redisOf(redis, document),
  };
}

function rateLimitOf(
  { max, window }: RateLimitSettings,
  whose: 'tenant' | 'caller',
  { at }: WorkspaceDocument,
): RateLimit {
  const name = `rateLimits.${whose}.window`;
  return { max, windowMs: positiveDuration(window, name, at('rateLimits', whose, 'window')) };
}

/** What was written stays untold: it may hold a password. */
function redisOf(text: string, { at }: WorkspaceDocument): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new SetupError(
    `${at('rateLimits', 'redis')}: rateLimits.redis is not a URL such as redis://127.0.0.1:6379`,
  );
}
