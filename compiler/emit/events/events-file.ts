import { createHash } from 'node:crypto';
import type { EventsDocument, EventsDocumentEvent } from '@plexica/types';
import type { Program, PublishedEvent, Subscription } from '../../ir/program.ts';
import { publisherId } from '../../ir/publisher-id.ts';
import { type EmittedFile, jsonFile } from '../emitter.ts';
import { payloadSchema } from './payload-schema.ts';

/** `events.json`: what the gateway knows of events. */
export function eventsFile(program: Program): EmittedFile {
  return jsonFile('events.json', eventsDocument(program));
}

/** The sha256 of the bytes of that file, by which the gateway knows that it belongs to the table. */
export function eventsDigest(program: Program): string {
  return `sha256:${createHash('sha256').update(eventsFile(program).text).digest('hex')}`;
}

function eventsDocument({ events, plugins }: Program): EventsDocument {
  const subscribers = receivers(plugins.flatMap(({ subscribes }) => subscribes));
  const hooks = receivers(plugins.flatMap((plugin) => plugin.hooks));
  const entries = events.map((event): [string, EventsDocumentEvent] => {
    const schema = payloadSchema(event);
    return [
      event.name,
      {
        publishers: [publisherId(event)],
        subscribers: subscribers.get(event) ?? [],
        hooks: hooks.get(event) ?? [],
        ...(schema !== undefined && { schema }),
      },
    ];
  });
  return { format: 1, events: Object.fromEntries(entries) };
}

/** Ids of those who are told of each event, in the order of the ids. */
function receivers(subscriptions: readonly Subscription[]): ReadonlyMap<PublishedEvent, string[]> {
  const byEvent = new Map<PublishedEvent, string[]>();
  for (const { event, plugin } of subscriptions) {
    if (event === undefined) continue;
    const ids = byEvent.get(event) ?? [];
    byEvent.set(event, ids);
    ids.push(plugin.id.value);
  }
  return byEvent;
}
