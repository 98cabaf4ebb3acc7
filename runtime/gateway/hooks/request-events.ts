import { randomUUID } from 'node:crypto';
import type { DomainEvent, Transport } from '@plexica/event-bus';
import type { ApiRequest } from '@plexica/types';
import type { FastifyBaseLogger } from 'fastify';
import type { Deployment } from '../context.ts';
import { hooksGroupOf } from '../events/event-contracts.ts';
import type { Clock } from '../instances/clock.ts';
import type { EventMetrics } from '../observability/event-metrics.ts';
import type { RequestNotes } from '../observability/request-notes.ts';

/** The event `api.request`: every answered request of a tenant to a plugin, where some plugin wants to know. */
export interface RequestEvents {
  /** Takes note of a request that is over. Cheap where nobody wants to know. */
  note(notes: RequestNotes, status: number, durationMs: number): void;
  /** Publishes what was gathered. */
  close(): Promise<void>;
}

export interface RequestEventsOptions {
  readonly deployment: () => Pick<Deployment, 'config' | 'events'>;
  readonly transport: Pick<Transport, 'publish'>;
  readonly metrics: Pick<EventMetrics, 'eventPublished'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  readonly clock: Clock;
}

const NAME = 'api.request';
/** What waits to be published; more is dropped, and told. */
const MOST = 10_000;

/** Events are gathered for a while and published together, beside the requests: nobody waits for them. */
export function createRequestEvents({
  deployment,
  transport,
  metrics,
  log,
  clock,
}: RequestEventsOptions): RequestEvents {
  let gathered: DomainEvent[] = [];
  let dropped = 0;
  let scheduled = false;
  let publishing: Promise<void> = Promise.resolve();

  return {
    note(notes, status, durationMs) {
      const { route, tenant, caller } = notes;
      const { config, events } = deployment();
      const groups = events.groupsOf(NAME);
      if (groups.length === 0 || route === undefined || tenant === undefined) return;
      // A plugin that is told of requests would be told of those that it makes because of that, for ever.
      if (caller?.kind === 'plugin' && isTold(groups, caller.pluginId)) return;
      if (clock.random() >= config.events.apiRequests.sample) return;
      if (gathered.length >= MOST) {
        dropped += 1;
        return;
      }
      gathered.push(eventOf(notes, { ...route, tenantId: tenant.tenantId }, status, durationMs));
      if (scheduled) return;
      scheduled = true;
      clock.after(config.events.apiRequests.every, () => {
        scheduled = false;
        publish();
      });
    },
    close() {
      publish();
      return publishing;
    },
  };

  function publish(): void {
    const batch = gathered;
    gathered = [];
    if (dropped > 0)
      log.warn({ dropped }, `events ${NAME} were dropped: they come faster than they are taken`);
    dropped = 0;
    if (batch.length === 0) return;
    publishing = publishing
      .then(() => transport.publish(batch))
      .then(() => {
        for (const { source, name } of batch) metrics.eventPublished(source, name);
      })
      .catch((error: unknown) =>
        log.warn({ err: error, events: batch.length }, `events ${NAME} could not be published`),
      );
  }

  function eventOf(
    { requestId, method, tenant, caller }: RequestNotes,
    route: {
      readonly pluginId: string;
      readonly route: { readonly path: string };
      readonly tenantId: string;
    },
    status: number,
    durationMs: number,
  ): DomainEvent<ApiRequest> {
    const id = caller?.kind === 'plugin' ? caller.pluginId : tenant?.userId;
    return {
      id: randomUUID(),
      name: NAME,
      source: 'platform',
      time: new Date(clock.timeOfDay()).toISOString(),
      tenantId: route.tenantId,
      ...(tenant?.workspaceId === undefined ? {} : { workspaceId: tenant.workspaceId }),
      ...(tenant?.userId === undefined ? {} : { userId: tenant.userId }),
      correlationId: requestId,
      data: {
        requestId,
        method,
        endpoint: route.route.path,
        pluginId: route.pluginId,
        status,
        durationMs: Math.round(durationMs),
        caller: { kind: caller?.kind ?? 'anonymous', ...(id === undefined ? {} : { id }) },
      },
    };
  }
}

function isTold(groups: readonly string[], pluginId: string): boolean {
  return groups.includes(pluginId) || groups.includes(hooksGroupOf(pluginId));
}
