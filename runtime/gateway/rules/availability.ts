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
  return new GatewayError('plugin-unavailable', `${pluginId} is not available${because(reasons)}`, {
    headers: retryAfter(retryAfterMs),
  });
}

/** A plugin that cannot serve, and the plugins through which another requires it. */
export interface UnavailableRequirement {
  readonly pluginId: string;
  readonly via: readonly string[];
  readonly reasons: readonly string[];
}

/** How many are named. */
const MOST_NAMED = 3;

/**
 * Refuses a request to a plugin that, by `dependencyPolicy: fail`, is not to be asked while one cannot serve that it
 * requires, directly or through others.
 *
 * @param outages asked for only where the policy needs them
 * @param retryAfterMs when the next health check may have changed that
 * @throws GatewayError `dependency-unavailable`, with each chain that leads to one
 */
export function checkRequirements(
  pluginId: string,
  policy: 'degrade' | 'fail',
  outages: () => readonly UnavailableRequirement[],
  retryAfterMs: number,
): void {
  if (policy === 'degrade') return;
  const found = outages();
  if (found.length === 0) return;
  const named = found.slice(0, MOST_NAMED).map(chainOf);
  const more = found.length - named.length;
  throw new GatewayError(
    'dependency-unavailable',
    [
      `${pluginId} requires ${named.join('; and ')}`,
      ...(more > 0 ? [`${more} more are not available`] : []),
    ].join('; '),
    { headers: retryAfter(retryAfterMs) },
  );
}

/** `plugin-b, which requires plugin-c, which is not available: connection refused` */
function chainOf({ pluginId, via, reasons }: UnavailableRequirement): string {
  return `${[...via, pluginId].join(', which requires ')}, which is not available${because(reasons)}`;
}

function because(reasons: readonly string[]): string {
  return reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
}

function retryAfter(ms: number): { readonly 'retry-after': string } {
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) };
}
