import { Counter, Histogram, type Registry } from 'prom-client';
import type { PreparedTable } from '../table/prepared-table.ts';
import type { AnsweredRequest, Metrics } from './metrics.ts';

export interface RequestMetrics extends Pick<Metrics, 'answered'> {
  /** Drops the series of endpoints and callers that the served table does not hold. */
  forgetGone(): void;
}

/** Seconds; a gateway's own share is below the first, the default time limit is the last. */
const LATENCIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Callers that are no plugins. */
const PEOPLE: ReadonlySet<string> = new Set(['user', 'anonymous']);

/** Requests to plugins, by endpoint and caller. */
export function createRequestMetrics(registry: Registry, served: () => PreparedTable): RequestMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'plexica_requests_total',
    help: 'Requests to endpoints of plugins that are over, whoever answered them.',
    labelNames: ['plugin', 'endpoint', 'caller', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'plexica_request_duration_seconds',
    help: 'From the head of a request that went to a plugin to the end of its answer.',
    labelNames: ['plugin', 'endpoint', 'caller'],
    buckets: LATENCIES,
    registers,
  });
  const plugins = new Map<string, Endpoints>();

  return {
    answered(request) {
      const series = seriesOf(request);
      if (series === undefined) return;
      const { status, seconds } = request;
      let counter = series.byStatus.get(status);
      if (counter === undefined) {
        counter = requests.labels({ ...series.labels, status: String(status) });
        series.byStatus.set(status, counter);
      }
      counter.inc();
      if (seconds !== undefined) series.latency.observe(seconds);
    },
    forgetGone() {
      const table = served();
      for (const [pluginId, { seen }] of plugins) {
        const known = endpointsOf(table, pluginId);
        for (const [endpoint, callers] of seen) {
          for (const [caller, series] of callers) {
            if (known.has(endpoint) && isCaller(table, caller)) continue;
            drop(series);
            callers.delete(caller);
          }
        }
        if (known.size === 0) plugins.delete(pluginId);
        else plugins.set(pluginId, { known, seen });
      }
    },
  };

  /** Undefined for what the table does not hold: a request that ends when its table is no longer served. */
  function seriesOf({ pluginId, endpoint, caller }: AnsweredRequest): Series | undefined {
    const present = plugins.get(pluginId)?.seen.get(endpoint)?.get(caller);
    if (present !== undefined) return present;
    const table = served();
    const endpoints = plugins.get(pluginId) ?? {
      known: endpointsOf(table, pluginId),
      seen: new Map<string, Map<string, Series>>(),
    };
    if (!endpoints.known.has(endpoint) || !isCaller(table, caller)) return undefined;
    plugins.set(pluginId, endpoints);
    const callers = endpoints.seen.get(endpoint) ?? new Map<string, Series>();
    endpoints.seen.set(endpoint, callers);
    const labels = { plugin: pluginId, endpoint, caller };
    const made = { labels, byStatus: new Map(), latency: latency.labels(labels) };
    callers.set(caller, made);
    return made;
  }

  function drop({ labels, byStatus }: Series): void {
    for (const status of byStatus.keys()) requests.remove({ ...labels, status: String(status) });
    latency.remove(labels);
  }
}

/** Of one plugin. */
interface Endpoints {
  /** All that the table holds. */
  readonly known: ReadonlySet<string>;
  /** Those that were asked for, by endpoint and caller. */
  readonly seen: Map<string, Map<string, Series>>;
}

/** Prom-client's handles for one endpoint and one caller, made once: making them costs as much as using them. */
interface Series {
  readonly labels: { readonly plugin: string; readonly endpoint: string; readonly caller: string };
  readonly byStatus: Map<number, Counter.Internal>;
  readonly latency: Histogram.Internal<string>;
}

function endpointsOf(table: PreparedTable, pluginId: string): ReadonlySet<string> {
  const routes = table.plugins.get(pluginId)?.plugin.routes ?? [];
  return new Set(routes.map(({ method, path }) => `${method} ${path}`));
}

function isCaller(table: PreparedTable, caller: string): boolean {
  return PEOPLE.has(caller) || table.plugins.has(caller);
}
