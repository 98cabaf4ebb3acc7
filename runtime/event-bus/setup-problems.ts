import { unclaimedDeclarations } from './decorators/declarations.ts';
import type { PluginEvents } from './plugin-events.ts';

export interface Setup {
  readonly events: PluginEvents;
  /** By event name. */
  readonly handled: ReadonlyMap<string, readonly { readonly label: string }[]>;
  readonly published: readonly { readonly event: string; readonly label: string }[];
  readonly unregistered: 'reject' | 'ignore';
  /** What is wrong with the events' schemas. */
  readonly schemas: readonly string[];
}

/** Everything for which a bus must not start, in words: what is decorated works, or the start-up says why not. */
export function setupProblems({
  events,
  handled,
  published,
  unregistered,
  schemas,
}: Setup): readonly string[] {
  const { pluginId, subscribes, publishes } = events;
  const strangers = [...handled].flatMap(([name, handlers]) =>
    Object.hasOwn(subscribes, name)
      ? []
      : handlers.map(
          ({ label }) =>
            `${label} handles ${name}, which ${pluginId} does not subscribe to: add it to "events.subscribes" of its plugin.json`,
        ),
  );
  const silent = Object.keys(subscribes)
    .filter((name) => !handled.has(name))
    .map(
      (name) =>
        `${pluginId} subscribes to ${name}, and nothing handles it: add a handler, or take it off "events.subscribes"`,
    );
  const undeclared = published
    .filter(({ event }) => !Object.hasOwn(publishes, event))
    .map(
      ({ event, label }) =>
        `${label} publishes ${event}, which ${pluginId} does not list: add it to "events.publishes" of its plugin.json`,
    );
  const forgotten = unregistered === 'ignore' ? [] : unclaimedDeclarations();
  return [
    ...strangers,
    ...silent,
    ...undeclared,
    ...forgotten.map(
      ({ label, event }) =>
        `${label} is decorated for ${event}, and no object of its class was given to bus.register (or another ` +
        'decorator put a function in its place: put the one of @plexica/event-bus above it)',
    ),
    ...schemas,
  ];
}
