import { AsyncLocalStorage } from 'node:async_hooks';
import type { DomainEvent } from '../domain-event.ts';

/** Whose request or event this code is serving: what an event that it publishes inherits. */
export interface Served {
  readonly tenantId: string;
  readonly workspaceId?: string;
  readonly userId?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** The signed context of the request, or of the event's publisher. */
  readonly tenantContext?: string;
}

/** Follows the code through its promises and timers. One per bus. */
export interface ServedContext {
  readonly current: Served | undefined;
  run<Result>(served: Served, work: () => Result): Result;
  /** The rest of this request's asynchronous work; for hooks that are over before the handler begins. */
  enter(served: Served): void;
}

export function createServedContext(): ServedContext {
  const storage = new AsyncLocalStorage<Served>();
  return {
    get current() {
      return storage.getStore();
    },
    run: (served, work) => storage.run(served, work),
    enter: (served) => storage.enterWith(served),
  };
}

/** What an event that is published while this one is handled inherits. */
export function servedOf(event: DomainEvent): Served {
  const { tenantId, workspaceId, userId, correlationId, traceparent, tracestate, tenantContext } = event;
  return {
    tenantId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(userId === undefined ? {} : { userId }),
    correlationId,
    causationId: event.id,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(tenantContext === undefined ? {} : { tenantContext }),
  };
}
