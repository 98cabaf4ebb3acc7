import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventBus, EventBusError, type EventData } from '@plexica/event-bus';
import { tooManyEvents } from '../crm-error.ts';
import type { CrmEventName, CrmEvents } from './crm-events.ts';

/**
 * Events between a change and their publication. A request is answered when its change is made and noted here; that
 * others cannot be told now fails no request, and a change that is refused tells nobody. The notes are in memory as the
 * data are: what a crash loses of one it loses of the other. Beside a database this would be one of its tables, written in
 * the transaction of the change.
 */
export interface Outbox extends CrmEvents {
  /** Begins to publish; what was noted before waits for it. */
  start(): void;
  /** Publishes what waits, for so many milliseconds at most. */
  close(graceMs: number): Promise<void>;
}

export interface OutboxOptions {
  readonly publish: EventBus['publish'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly tell: (level: 'warn' | 'error', details: object, message: string) => void;
  /** How many events may wait; 10,000 unless stated. */
  readonly capacity?: number;
  /** Before the second attempt, in milliseconds, and doubled each time; 200 unless stated. */
  readonly retryMs?: number;
}

const LONGEST_RETRY = 10_000;
/** A refusal may be mended by a deployment; not for ever, because the tenant's next events wait behind it. */
const MOST_REFUSALS = 8;

export function createOutbox(options: OutboxOptions): Outbox {
  const { publish, now, tell, capacity = 10_000, retryMs = 200 } = options;
  /** By tenant, the last of what waits: within a tenant events keep their order. */
  const lanes = new Map<string, Promise<void>>();
  const started = Promise.withResolvers<void>();
  const closed = new AbortController();
  let waiting = 0;

  return {
    mustHaveRoom() {
      if (waiting >= capacity) throw tooManyEvents();
    },
    record(tenantId, name, data) {
      waiting += 1;
      const note = { id: randomUUID(), at: now() };
      const before = lanes.get(tenantId) ?? started.promise;
      // Continued from here, inside of the request, the publication is still on its behalf.
      const lane = before
        .then(() => send(name, data, note))
        .finally(() => {
          waiting -= 1;
          if (lanes.get(tenantId) === lane) lanes.delete(tenantId);
        });
      lanes.set(tenantId, lane);
    },
    start: started.resolve,
    async close(graceMs) {
      const grace = new AbortController();
      const late = delay(graceMs, undefined, { signal: grace.signal }).catch(() => undefined);
      await Promise.race([Promise.all(lanes.values()), late]);
      grace.abort();
      closed.abort();
      if (waiting > 0)
        tell('error', { events: waiting }, 'events are lost: they could not be published in time');
    },
  };

  async function send<Name extends CrmEventName>(
    name: Name,
    data: EventData<Name>,
    note: { readonly id: string; readonly at: number },
  ): Promise<void> {
    for (let attempt = 1; !closed.signal.aborted; attempt += 1) {
      try {
        // The same id each time: an event that arrived and was not confirmed is not kept twice.
        await publish(name, data, note);
        return;
      } catch (error) {
        const details = { err: error, event: name, eventId: note.id };
        if (!mayPass(error, attempt)) {
          tell('error', details, `${name} is lost: it is refused`);
          return;
        }
        if (attempt === 1) tell('warn', details, `${name} cannot be published now, and will be tried again`);
        const wait = Math.min(LONGEST_RETRY, retryMs * 2 ** (attempt - 1));
        await delay(wait, undefined, { signal: closed.signal }).catch(() => undefined);
      }
    }
  }
}

function mayPass(error: unknown, attempt: number): boolean {
  if (!(error instanceof EventBusError)) return false;
  return (
    error.code === 'transport-unavailable' || (error.code === 'transport-refused' && attempt < MOST_REFUSALS)
  );
}
