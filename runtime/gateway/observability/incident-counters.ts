import type { Aggregator, Registry } from 'prom-client';
import type { PreparedTable } from '../table/prepared-table.ts';
import { type BoundedCounter, createBoundedCounter } from './bounded-counter.ts';
import type { Metrics } from './metrics.ts';

export interface IncidentCounters
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
export function createIncidentCounters(registry: Registry, served: () => PreparedTable): IncidentCounters {
  const known = {
    plugin: (id: string) => id === '' || served().plugins.has(id),
    caller: (id: string) => served().plugins.has(id),
    service: (name: string) => served().services.has(name),
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
    const made = createBoundedCounter({ registry, name, help, labelNames, known, aggregator });
    counters.push(made);
    return made;
  }
}
