import { collectDefaultMetrics, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import type { ErrorCode, ErrorDetail } from '../errors.ts';
import type { Instances } from '../instances/instances.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import { registerBuildInfo } from './build-info.ts';
import {
  type Backlog,
  createEventMetrics,
  type EventMetrics,
  registerBacklogGauges,
} from './event-metrics.ts';
import { registerHealthGauges } from './health-gauges.ts';
import { createIncidentCounters } from './incident-counters.ts';
import { type Occupancy, registerOccupancyGauges } from './occupancy-gauges.ts';
import { createRequestMetrics } from './request-metrics.ts';

/**
 * What the gateway counts; `docs/metrics.md` lists it. Labels hold ids and path patterns of the table, and words of the
 * gateway: nothing that a client could make up, and no path, tenant, user or address.
 */
export interface Metrics extends EventMetrics {
  /** A request to an endpoint of a plugin is over. */
  answered(request: AnsweredRequest): void;
  /** The gateway answered a request by itself. `pluginId`: to whom it was on its way, as far as that is known. */
  refused(code: ErrorCode, pluginId?: string): void;
  /** A request was tried again, mostly on another instance; `false`: the budget did not allow it. */
  retried(pluginId: string, allowed: boolean): void;
  /** A generated client was made from another, compatible contract. */
  contractDiffers(callerId: string, service: string): void;
  rateLimited(limit: 'tenant' | 'caller' | 'endpoint'): void;
  /** A request passed a rate limit uncounted, because what counts does not answer. */
  uncounted(): void;
  /** A part of a request is against its schema in the manifest. */
  validationFailed(pluginId: string, part: ErrorDetail['in']): void;
  reloaded(outcome: 'done' | 'refused'): void;
  /** Spans were handed to the collector, could not be, or were too many. */
  exported(spans: number, outcome: 'done' | 'failed' | 'dropped'): void;
  /** Another table is served: series of what it no longer holds are gone. */
  deploy(table: PreparedTable): void;
  /** In Prometheus' text format. */
  expose(): Promise<Exposition>;
  /** The same as data, for a process that adds those of others to it: `mergeSnapshots`. */
  snapshot(): Promise<MetricsSnapshot>;
}

export interface AnsweredRequest {
  readonly pluginId: string;
  /** `GET /contacts/:id` */
  readonly endpoint: string;
  /** A plugin's id, `user` or `anonymous`. */
  readonly caller: string;
  /** 499: the client went away before the end of the answer. */
  readonly status: number;
  /** From its head to the end of its answer; undefined for one that never went to the plugin. */
  readonly seconds: number | undefined;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** All metrics of one process: plain data. */
export type MetricsSnapshot = MetricObjectWithValues<MetricValue<string>>[];

/** What is looked at when somebody asks for the metrics. */
export interface Watched {
  readonly instances: Pick<Instances, 'healthOf' | 'connections'>;
  /** Requests at plugins, now. */
  occupancy(): Iterable<Occupancy>;
  /** Of the groups whose events the gateway itself keeps, now. */
  backlogs(): readonly Backlog[];
}

export function createMetrics(watched: Watched, firstTable: PreparedTable): Metrics {
  const registry = new Registry();
  let table = firstTable;
  const served = () => table;
  const requests = createRequestMetrics(registry, served);
  const incidents = createIncidentCounters(registry, served);
  const events = createEventMetrics(registry, served);
  registerBacklogGauges(registry, watched.backlogs);
  registerHealthGauges(registry, watched.instances, served);
  registerOccupancyGauges(registry, watched.occupancy, served);
  registerBuildInfo(registry, served);
  collectDefaultMetrics({ register: registry });

  return {
    ...requests,
    ...incidents,
    ...events,
    deploy(next) {
      table = next;
      requests.forgetGone();
      incidents.forgetGone();
      events.forgetGone();
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    snapshot: () => registry.getMetricsAsJSON(),
  };
}
