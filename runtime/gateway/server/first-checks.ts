import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayContext } from '../context.ts';

/** How often it is looked, and what a check may take beyond its time limit, in milliseconds. */
const TIMES = { look: 10, beyond: 500 } as const;

/** Resolves when every instance has been checked once, or would have been if its check had a good end. */
export async function firstChecks({
  instances,
  deployment,
}: Pick<GatewayContext, 'instances' | 'deployment'>): Promise<void> {
  const { config, table } = deployment();
  const endsAt = performance.now() + config.health.timeout + TIMES.beyond;
  const isUnknown = (pluginId: string) =>
    instances.healthOf(pluginId).instances.some(({ state }) => state === 'UNKNOWN');
  while (performance.now() < endsAt && [...table.plugins.keys()].some(isUnknown)) await pause(TIMES.look);
}
