import { setTimeout as delay } from 'node:timers/promises';

const LIMIT = 60_000;
const POLL_INTERVAL = 200;

/**
 * Resolves without a value once the gateway calls every named plugin HEALTHY; with what it said last, in
 * words, where that takes longer than a minute. Aborting the signal ends the wait.
 */
export async function waitUntilHealthy(
  gateway: URL,
  pluginIds: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = Date.now() + LIMIT;
  let last = 'The gateway does not answer';
  while (Date.now() < deadline && !signal.aborted) {
    const waiting = await unhealthy(gateway, pluginIds);
    if (waiting?.length === 0) return undefined;
    if (waiting !== undefined) last = `Not HEALTHY: ${waiting.join(', ')}`;
    await delay(POLL_INTERVAL);
  }
  return `${last} (waited ${LIMIT / 1000} s).`;
}

/** The plugins that are not HEALTHY, with their states; undefined while the gateway does not answer. */
async function unhealthy(gateway: URL, pluginIds: readonly string[]): Promise<string[] | undefined> {
  try {
    const response = await fetch(`${gateway.origin}/api/plugin-gateway/ready`);
    // The shape is the gateway's own: see "The gateway's own endpoints" in docs/architecture.md.
    const answer = (await response.json()) as { data: { plugins: { id: string; state: string }[] } };
    return answer.data.plugins
      .filter(({ id, state }) => pluginIds.includes(id) && state !== 'HEALTHY')
      .map(({ id, state }) => `${id} (${state})`);
  } catch {
    return undefined;
  }
}
