import { randomUUID } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import type { DomainEvent } from '../domain-event.ts';
import type {
  DeadLetter,
  EventArchive,
  StoredDeadLetter,
  SubscribeOptions,
  Transport,
} from '../transports/transport.ts';

/** A broker that forgets everything with its process: the smallest thing that keeps the contract of transports. */
export interface MemoryBroker {
  readonly archive: EventArchive;
  connect(): Transport;
  /** Puts a text among the events of a source, which is none. */
  inject(source: string, tenantId: string, text: string): void;
  /** Ends the subscriptions of a transport as a refusal would. */
  refuse(transport: Transport): void;
}

interface Entry {
  readonly at: number;
  readonly source: string;
  readonly lane: string;
  readonly raw: string;
  readonly event: DomainEvent | undefined;
  /** Of a replay: the only group that gets it. */
  readonly group?: string;
  readonly settledBy: Set<string>;
}

interface Reader extends SubscribeOptions {
  readonly transport: Transport;
  /** Given to it and not settled. */
  readonly held: Set<Entry>;
  /** Lanes whose head waits for its next attempt. */
  readonly waiting: Set<string>;
  paused: boolean;
}

export function createMemoryBroker(): MemoryBroker {
  const entries: Entry[] = [];
  const letters = new Map<string, StoredDeadLetter>();
  const readers = new Set<Reader>();
  const published = new EventEmitter();

  const archive: EventArchive = {
    async *tail(names, signal) {
      try {
        for await (const [event] of on(published, 'event', { signal })) {
          if (names.includes(event.name)) yield event;
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async *deadLetters(group) {
      for (const letter of letters.values()) if (group === undefined || letter.group === group) yield letter;
    },
    async *replay(ids) {
      for (const id of ids) {
        const letter = letters.get(id);
        if (letters.delete(id) && letter !== undefined) {
          const { event, raw, group } = letter;
          add({ source: event?.source ?? '', lane: `replay ${event?.tenantId ?? ''}`, raw, event, group });
        }
        yield { id, found: letter !== undefined };
      }
    },
  };

  return {
    archive,
    connect,
    inject(source, tenantId, text) {
      add({ source, lane: `poison ${tenantId}`, raw: text, event: undefined });
    },
    refuse(transport) {
      for (const reader of readers) {
        if (reader.transport !== transport) continue;
        readers.delete(reader);
        reader.onFailure(new Error('refused'));
      }
      pump();
    },
  };

  function connect(): Transport {
    const transport: Transport = {
      name: 'embedded',
      start: async () => undefined,
      async publish(events) {
        for (const event of events) {
          const known = entries.some(
            (entry) => entry.event?.id === event.id && entry.event.source === event.source,
          );
          if (known) continue;
          const { tenantId, source } = event;
          add({ source, lane: `${tenantId} ${source}`, raw: JSON.stringify(event), event });
          published.emit('event', event);
        }
      },
      async subscribe(options) {
        const reader: Reader = { ...options, transport, held: new Set(), waiting: new Set(), paused: false };
        readers.add(reader);
        pumpSoon();
        return {
          pause() {
            reader.paused = true;
          },
          resume() {
            reader.paused = false;
            pumpSoon();
          },
          async lag() {
            const open = entries.filter((entry) => isFor(entry, reader));
            const oldest = Math.min(Date.now(), ...open.map(({ at }) => at));
            return { messages: open.length, oldestMs: Date.now() - oldest };
          },
          async stop() {
            readers.delete(reader);
            pumpSoon();
          },
        };
      },
      async deadLetter(letter: DeadLetter) {
        const id = randomUUID();
        letters.set(id, { ...letter, id });
      },
      stop: async () => undefined,
    };
    return transport;
  }

  function add(entry: Omit<Entry, 'at' | 'settledBy'>): void {
    entries.push({ ...entry, at: Date.now(), settledBy: new Set() });
    pumpSoon();
  }

  function pumpSoon(): void {
    setImmediate(pump);
  }

  function pump(): void {
    for (const entry of entries) {
      const candidates = [...readers].filter((reader) => isFor(entry, reader));
      for (const group of new Set(candidates.map((reader) => reader.group))) {
        give(
          entry,
          candidates.filter((reader) => reader.group === group),
        );
      }
    }
  }

  /** A lane stays at the reader that has something of it; else it goes to the one with least. */
  function give(entry: Entry, candidates: readonly Reader[]): void {
    if (candidates.some(({ held }) => held.has(entry))) return;
    const owner = candidates.find(({ held }) => [...held].some(({ lane }) => lane === entry.lane));
    const [reader] = owner ? [owner] : candidates.toSorted((a, b) => a.held.size - b.held.size);
    if (reader === undefined || reader.paused) return;
    const open = [...reader.held].filter(({ lane }) => !reader.waiting.has(lane));
    if (open.length >= reader.window) return;
    reader.held.add(entry);
    reader.receive({
      event: entry.event,
      raw: entry.raw,
      lane: entry.lane,
      origin: `memory@${entries.indexOf(entry)}`,
      redeliveries: 0,
      isOurs: () => readers.has(reader),
      postpone() {
        reader.waiting.add(entry.lane);
        pumpSoon();
      },
      settle() {
        reader.waiting.delete(entry.lane);
        if (!readers.has(reader)) return;
        reader.held.delete(entry);
        entry.settledBy.add(reader.group);
        pumpSoon();
      },
    });
  }

  function isFor({ source, event, group, settledBy }: Entry, reader: Reader): boolean {
    if (settledBy.has(reader.group)) return false;
    if (group !== undefined) return group === reader.group;
    return reader.sources.includes(source) && (event === undefined || reader.names.includes(event.name));
  }
}
