import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../errors.ts';
import type { Instances } from '../instances/instances.ts';

/** What the gateway counts. Every label has few values: paths appear as the patterns of manifests alone. */
export interface Metrics {
  /** A request went on its way to a plugin (1), or is over (-1). */
  inFlight(pluginId: string, change: 1 | -1): void;
  /** A request to a plugin was answered. */
  answered(request: AnsweredRequest): void;
  /** The gateway answered a request by itself. */
  refused(code: ErrorCode): void;
  /** A request was tried again on another instance; `false`: the budget did not allow it. */
  retried(pluginId: string, allowed: boolean): void;
  /** A generated client was made from another, compatible contract. */
  contractDiffers(callerId: string, service: string): void;
  rateLimited(limit: 'tenant' | 'caller' | 'endpoint'): void;
  reloaded(outcome: 'done' | 'refused'): void;
  /** In Prometheus' text format. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export interface AnsweredRequest {
  readonly pluginId: string;
  /** `GET /contacts/:id` */
  readonly endpoint: string;
  /** A plugin's id, `user` or `anonymous`. */
  readonly caller: string;
  readonly status: number;
  readonly seconds: number;
}

/** Seconds; a gateway's own share is below the first, the default time limit is the last. */
const LATENCIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(_instances: Pick<Instances, 'healthOf'>): Metrics {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  const inFlight = new Gauge({
    name: 'plexica_requests_in_flight',
    help: 'Requests on their way to a plugin.',
    labelNames: ['plugin'],
    registers,
  });
  const requests = new Counter({
    name: 'plexica_requests_total',
    help: 'Requests to plugins that were answered.',
    labelNames: ['plugin', 'endpoint', 'caller', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'plexica_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['plugin', 'endpoint'],
    buckets: LATENCIES,
    registers,
  });
  const refusals = new Counter({
    name: 'plexica_refusals_total',
    help: 'Requests that the gateway answered by itself, by the code of the answer.',
    labelNames: ['code'],
    registers,
  });
  const retries = new Counter({
    name: 'plexica_retries_total',
    help: 'Requests that were, or for want of budget were not, tried again on another instance.',
    labelNames: ['plugin', 'outcome'],
    registers,
  });
  const differences = new Counter({
    name: 'plexica_contract_differences_total',
    help: 'Calls of generated clients that were made from another, compatible contract.',
    labelNames: ['caller', 'service'],
    registers,
  });
  const limited = new Counter({
    name: 'plexica_rate_limited_total',
    help: 'Requests over a rate limit.',
    labelNames: ['limit'],
    registers,
  });
  const reloads = new Counter({
    name: 'plexica_reloads_total',
    help: 'Reloads of configuration and table.',
    labelNames: ['outcome'],
    registers,
  });

  return {
    inFlight: (plugin, change) => inFlight.inc({ plugin }, change),
    answered({ pluginId: plugin, endpoint, caller, status, seconds }) {
      requests.inc({ plugin, endpoint, caller, status });
      latency.observe({ plugin, endpoint }, seconds);
    },
    refused: (code) => refusals.inc({ code }),
    retried: (plugin, allowed) => retries.inc({ plugin, outcome: allowed ? 'retried' : 'over-budget' }),
    contractDiffers: (caller, service) => differences.inc({ caller, service }),
    rateLimited: (limit) => limited.inc({ limit }),
    reloaded: (outcome) => reloads.inc({ outcome }),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
