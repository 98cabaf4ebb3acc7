import type { DomainEvent, Message, Transport } from '@plexica/event-bus';
import { cloudEventOf, domainEventOf } from '@plexica/event-bus/envelope';
import type { DeliveredMessage } from './deliver-events.ts';
import type { EventHub, Stream } from './event-hub.ts';
import type { StoredEvent } from './store/event-store.ts';

/** Ids of the groups that want an event. */
export type GroupsOf = (name: string) => readonly string[];

/** An event as the store keeps it. */
export function storedEventOf(event: DomainEvent, groupsOf: GroupsOf): StoredEvent {
  const { id, source, name, tenantId } = event;
  return { id, source, name, tenantId, body: JSON.stringify(cloudEventOf(event)), groups: groupsOf(name) };
}

/** The embedded transport for the gateway's own use: hooks, and events of the platform. */
export function createLocalTransport(hub: EventHub, groupsOf: GroupsOf): Transport {
  const handled = new Map<string, readonly string[]>();
  return {
    name: 'embedded',
    start: async () => undefined,
    async publish(events) {
      await hub.publish(events.map((event) => storedEventOf(event, groupsOf)));
    },
    async subscribe({ group, names, window, receive }) {
      handled.set(group, names);
      let settled: number[] = [];
      let ended = false;
      const stream: Stream = hub.open({
        group,
        names,
        window,
        local: true,
        deliver(message) {
          receive(messageOf(message, () => !ended, settle));
        },
        onEnd() {
          ended = true;
        },
      });
      return {
        pause: stream.pause,
        resume: stream.resume,
        lag: async () => hub.store.lag(group, names),
        async stop() {
          settleAll();
          ended = true;
          stream.close();
        },
      };

      /** What is settled in one turn of the event loop is one transaction. */
      function settle(seq: number): void {
        if (settled.push(seq) === 1) setImmediate(settleAll);
      }

      function settleAll(): void {
        const seqs = settled;
        settled = [];
        if (seqs.length > 0 && !hub.closed) hub.settle(group, stream.id, seqs);
      }
    },
    async deadLetter({ group, origin, reason, error, attempts, failedAt }) {
      const letter = { seq: seqOf(origin), group, reason, error, attempts, failedAt };
      hub.store.keepDeadLetter(letter, handled.get(group) ?? []);
      await hub.store.flush();
    },
    stop: async () => undefined,
  };
}

const ORIGIN = 'events.db@';

function seqOf(origin: string): number {
  return Number(origin.slice(ORIGIN.length));
}

function messageOf(
  { seq, lane, redeliveries, body }: DeliveredMessage,
  isOurs: () => boolean,
  settle: (seq: number) => void,
): Message {
  const event = domainEventOf(JSON.parse(body));
  return {
    event: typeof event === 'string' ? undefined : event,
    ...(typeof event === 'string' ? { problem: event } : {}),
    raw: body,
    lane,
    origin: `${ORIGIN}${seq}`,
    redeliveries,
    isOurs,
    settle: () => settle(seq),
  };
}
