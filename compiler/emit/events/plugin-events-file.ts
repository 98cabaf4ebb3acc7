import type { Plugin, Program, PublishedEvent, Subscription } from '../../ir/program.ts';
import { PLATFORM, publisherId } from '../../ir/publisher-id.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { compareImports, importTypes } from '../typescript/imports.ts';
import { hardLine, indent, type Layout } from '../typescript/layout.ts';
import { printConstant } from '../typescript/literal.ts';
import { printMembers } from '../typescript/print-type.ts';
import { sourceFile } from '../typescript/source-file.ts';
import { type PropertyType, reference } from '../typescript/type-node.ts';
import { payloadSchema } from './payload-schema.ts';
import { payloadsPath } from './payloads-file.ts';

/** What a plugin's own backend imports: the events that it publishes and handles, for `createEventBus`, and its hooks. */
export function pluginEventsFile(plugin: Plugin, program: Program): EmittedFile {
  const subscribed = eventsOf(plugin.subscribes);
  const hooked = eventsOf(plugin.hooks);
  const onBus = [...new Set([...plugin.publishes, ...subscribed])];
  return sourceFile(`events/${plugin.id.value}.ts`, plugin, program, {
    imports: importsOf(onBus, hooked),
    parts: [
      ...(onBus.length > 0 ? [contractsPart(plugin, subscribed), eventMapPart(onBus)] : []),
      ...(hooked.length > 0 ? [hooksPart(plugin, hooked)] : []),
    ],
  });
}

function contractsPart({ id, identifier, publishes }: Plugin, subscribed: readonly PublishedEvent[]): Layout {
  const contracts = {
    pluginId: id.value,
    publishes: byName(publishes, (event) => ({ schema: payloadSchema(event) })),
    subscribes: byName(subscribed, (event) => ({
      publishers: [publisherId(event)],
      schema: payloadSchema(event),
    })),
  };
  return [
    docComment({ text: 'The events that this plugin publishes and handles, for `createEventBus`.' }),
    printConstant(`export const ${identifier}Events = `, contracts, ' as const satisfies PluginEvents;'),
  ];
}

/** Files of several plugins may say the same of one event: they mean the same type, so that they fit together. */
function eventMapPart(events: readonly PublishedEvent[]): Layout {
  const body = [hardLine, 'interface EventMap ', printMembers(events.map(payloadMember))];
  return ["declare module '@plexica/event-bus' {", indent(body), hardLine, '}'];
}

function hooksPart({ typeName }: Plugin, events: readonly PublishedEvent[]): Layout {
  return [
    docComment({
      text: "What the gateway delivers to this plugin's hooks: `PluginHookContext.data`, by name.",
    }),
    `export interface ${typeName}Hooks `,
    printMembers(events.map(payloadMember)),
  ];
}

function payloadMember(event: PublishedEvent): PropertyType {
  const type = reference(`${payloadsName(event)}.${event.typeName}`);
  return { name: event.name, optional: false, type, text: event.description };
}

/** Under which name the types of an event's publisher are imported. */
function payloadsName({ plugin }: PublishedEvent): string {
  return `${plugin?.identifier ?? PLATFORM}Payloads`;
}

function importsOf(onBus: readonly PublishedEvent[], hooked: readonly PublishedEvent[]): Layout[] {
  const modules = new Map(
    [...onBus, ...hooked].map((event) => [
      `./${payloadsPath(publisherId(event)).slice('events/'.length)}`,
      payloadsName(event),
    ]),
  );
  const payloads = [...modules].sort(([a], [b]) => compareImports(a, b));
  return [
    ...(onBus.length > 0 ? [importTypes(['PluginEvents'], '@plexica/event-bus')] : []),
    ...payloads.map(([path, name]) => `import type * as ${name} from '${path}';`),
  ];
}

function eventsOf(subscriptions: readonly Subscription[]): PublishedEvent[] {
  return subscriptions.map(({ event }) => event).filter((event) => event !== undefined);
}

function byName(
  events: readonly PublishedEvent[],
  contract: (event: PublishedEvent) => object,
): Record<string, object> {
  return Object.fromEntries(events.map((event) => [event.name, contract(event)]));
}
