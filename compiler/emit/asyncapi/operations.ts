import type { Plugin, Program, PublishedEvent } from '../../ir/program.ts';
import { PLATFORM } from '../../ir/publisher-id.ts';
import { channelMessageReference, channelReference } from './references.ts';

/** What each plugin, and the platform, does with events; the first word of an operation's name is who does it. */
export function eventOperations({ plugins, events }: Program): object {
  const core = events.filter(({ plugin }) => plugin === undefined);
  return Object.fromEntries([
    ...core.map((event) => operation(PLATFORM, 'publishes', event)),
    ...plugins.flatMap(pluginOperations),
  ]);
}

function pluginOperations({ id, publishes, subscribes, hooks }: Plugin): [string, object][] {
  const heard = (subscriptions: Plugin['subscribes']) =>
    subscriptions.map(({ event }) => event).filter((event) => event !== undefined);
  return [
    ...publishes.map((event) => operation(id.value, 'publishes', event)),
    ...heard(subscribes).map((event) => operation(id.value, 'handles', event)),
    ...heard(hooks).map((event) => operation(id.value, 'hooks', event)),
  ];
}

const SUMMARIES = {
  publishes: (who: string, name: string) => `${who} publishes ${name}`,
  handles: (who: string, name: string) => `${who} handles ${name}`,
  hooks: (who: string, name: string) => `The gateway delivers ${name} to ${who} as POST /hooks/${name}`,
} as const;

function operation(who: string, does: keyof typeof SUMMARIES, { name }: PublishedEvent): [string, object] {
  const content = {
    action: does === 'publishes' ? 'send' : 'receive',
    channel: { $ref: channelReference(name) },
    summary: SUMMARIES[does](who, name),
    tags: [{ name: who }],
    messages: [{ $ref: channelMessageReference(name) }],
  };
  return [`${who}.${does}.${name}`, content];
}
