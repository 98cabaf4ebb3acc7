import { setTimeout as pause } from 'node:timers/promises';
import type { DomainEvent, EventArchive, StoredDeadLetter } from '@plexica/event-bus';
import { domainEventOf } from '@plexica/event-bus/envelope';
import type { EventStore, KeptDeadLetter, LetterKey } from './store/event-store.ts';

/** How often it is looked for new events, in milliseconds. */
const LOOK = 100;
const PAGE = 500;

/** The events of the embedded transport for people: read from its file, whether the gateway runs or not. */
export function createEmbeddedArchive(store: EventStore): EventArchive {
  return {
    async *tail(names, signal) {
      const wanted = new Set(names);
      let at = store.last();
      while (!signal.aborted) {
        const page = store.tail(at, PAGE);
        for (const { seq, name, body } of page) {
          at = seq;
          const event = wanted.size === 0 || wanted.has(name) ? eventOf(body) : undefined;
          if (event !== undefined) yield event;
        }
        if (page.length < PAGE) await pause(LOOK, undefined, { signal }).catch(() => undefined);
      }
    },
    async *deadLetters(group) {
      let after: LetterKey | undefined;
      for (;;) {
        const page = store.deadLetters(group, after, PAGE);
        for (const letter of page) yield deadLetterOf(letter);
        after = page.at(-1);
        if (after === undefined) return;
      }
    },
    async *replay(ids) {
      for (const id of ids) {
        const key = keyOf(id);
        const found = key !== undefined && store.replay(key);
        await store.flush();
        yield { id, found };
      }
    },
  };
}

/** `17-plugin-crm` */
function idOf({ seq, group }: LetterKey): string {
  return `${seq}-${group}`;
}

function keyOf(id: string): LetterKey | undefined {
  const [, seq, group] = /^(\d{1,15})-(.+)$/.exec(id) ?? [];
  return seq === undefined || group === undefined ? undefined : { seq: Number(seq), group };
}

function deadLetterOf(letter: KeptDeadLetter): StoredDeadLetter {
  const { seq, group, body, reason, error, attempts, failedAt } = letter;
  return {
    id: idOf(letter),
    group,
    event: eventOf(body),
    raw: body,
    origin: `events.db@${seq}`,
    // Subscribers say it in their own words; those of @plexica/event-bus in these.
    reason: reason as StoredDeadLetter['reason'],
    error,
    attempts,
    failedAt,
  };
}

function eventOf(body: string): DomainEvent | undefined {
  const event = domainEventOf(JSON.parse(body));
  return typeof event === 'string' ? undefined : event;
}
