import { type Aggregator, Counter, type Registry } from 'prom-client';
import type { PreparedTable } from '../table/prepared-table.ts';
import type { Metrics } from './metrics.ts';

export interface EventCounters
  extends Pick<
    Metrics,
    | 'refused'
    | 'retried'
    | 'contractDiffers'
    | 'rateLimited'
    | 'uncounted'
    | 'validationFailed'
    | 'reloaded'
    | 'exported'
  > {
  /** Drops the series of plugins and services that the served table does not hold. */
  forgetGone(): void;
}

/** What happens now and then, and should be seen when it happens often. */
export function createEventCounters(registry: Registry, served: () => PreparedTable): EventCounters {
  /** What a label may hold: where the table does not hold it, the event is not counted under it. */
  const KNOWN: Readonly<Record<string, (value: string) => boolean>> = {
    plugin: (id) => id === '' || served().plugins.has(id),
    caller: (id) => served().plugins.has(id),
    service: (name) => served().services.has(name),
  };
  const counters: BoundedCounter[] = [];

  const refusals = counter('plexica_refusals_total', 'Requests that the gateway answered by itself.', [
    'code',
    'plugin',
  ]);
  const retries = counter(
    'plexica_retries_total',
    'Requests that were, or for want of budget were not, tried again.',
    ['plugin', 'outcome'],
  );
  const differences = counter(
    'plexica_contract_differences_total',
    'Calls of generated clients that were made from another, compatible contract.',
    ['caller', 'service'],
  );
  const limited = counter('plexica_rate_limited_total', 'Requests over a rate limit.', ['limit']);
  const uncounted = counter(
    'plexica_rate_limit_uncounted_total',
    'Times a rate limit let a request pass because what counts did not answer.',
    [],
  );
  const invalid = counter(
    'plexica_validation_failures_total',
    'Parts of requests that are against their schema in the manifest.',
    ['plugin', 'part'],
  );
  const reloads = counter(
    'plexica_reloads_total',
    'Reloads of configuration and table.',
    ['outcome'],
    // All processes make the same ones.
    'max',
  );
  const spans = counter('plexica_spans_total', 'Spans for the collector.', ['outcome']);

  // From nothing to the first one is a rise too, which only what was there before can show.
  for (const outcome of ['done', 'refused']) reloads.add({ outcome }, 0);
  for (const outcome of ['done', 'failed', 'dropped']) spans.add({ outcome }, 0);
  for (const limit of ['tenant', 'caller', 'endpoint']) limited.add({ limit }, 0);

  return {
    refused: (code, plugin = '') => refusals.add({ code, plugin }),
    retried: (plugin, allowed) => retries.add({ plugin, outcome: allowed ? 'retried' : 'over-budget' }),
    contractDiffers: (caller, service) => differences.add({ caller, service }),
    rateLimited: (limit) => limited.add({ limit }),
    uncounted: () => uncounted.add({}),
    validationFailed: (plugin, part) => invalid.add({ plugin, part }),
    reloaded: (outcome) => reloads.add({ outcome }),
    exported: (count, outcome) => spans.add({ outcome }, count),
    forgetGone() {
      for (const { forgetGone } of counters) forgetGone();
    },
  };

  function counter(
    name: string,
    help: string,
    labelNames: string[],
    aggregator: Aggregator = 'sum',
  ): BoundedCounter {
    const counter = new Counter({ name, help, labelNames, registers: [registry], aggregator });
    const seen = new Map<string, Labels>();
    const isKnown = (labels: Labels) =>
      Object.entries(labels).every(([label, value]) => KNOWN[label]?.(value) ?? true);
    const bounded: BoundedCounter = {
      add(labels, count = 1) {
        const key = labelNames.map((label) => labels[label]).join(' ');
        if (!seen.has(key)) {
          if (!isKnown(labels)) return;
          seen.set(key, labels);
        }
        counter.inc(labels, count);
      },
      forgetGone() {
        for (const [key, labels] of seen) {
          if (isKnown(labels)) continue;
          counter.remove(labels);
          seen.delete(key);
        }
      },
    };
    counters.push(bounded);
    return bounded;
  }
}

type Labels = Readonly<Record<string, string>>;

interface BoundedCounter {
  add(labels: Labels, count?: number): void;
  forgetGone(): void;
}
