import { GatewayError } from '../errors.ts';

/**
 * The answer for a plugin without an instance that can serve.
 *
 * @param reasons what is wrong with it, in words, without addresses
 * @param retryAfterMs when the next health check may have changed that
 */
export function unavailable(
  pluginId: string,
  reasons: readonly string[],
  retryAfterMs: number,
): GatewayError {
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return new GatewayError('plugin-unavailable', `${pluginId} is not available${why}`, {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  });
}
