import { AggregatorRegistry } from 'prom-client';
import type { Exposition, MetricsSnapshot } from './metrics.ts';

/**
 * The metrics of several processes as one text: counters and requests under way are added up, states become the share of
 * processes that see them so.
 */
export async function mergeSnapshots(snapshots: readonly MetricsSnapshot[]): Promise<Exposition> {
  const registry = AggregatorRegistry.aggregate(snapshots.map(withNumbers));
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** Between processes a number that is none, such as the delay of a loop that has not turned yet, becomes `null`. */
function withNumbers(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.map((metric) => ({
    ...metric,
    values: metric.values.map((entry) => ({ ...entry, value: entry.value ?? Number.NaN })),
  }));
}
