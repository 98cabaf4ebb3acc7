import { coreEvents, type JsonSchema } from '@plexica/types';
import { keySpanAt, locatedAt, type Path } from '../ir/document.ts';
import { pascalCase } from '../ir/identifiers.ts';
import type { Plugin, PublishedEvent, Subscription } from '../ir/program.ts';

/** By name; of several publishers the first. */
export type EventsByName = ReadonlyMap<string, PublishedEvent>;

/** The platform's own events. */
export function linkCoreEvents(): PublishedEvent[] {
  return Object.entries(coreEvents).map(([name, { description, schema }]) => ({
    plugin: undefined,
    name,
    span: undefined,
    description,
    schema,
    typeName: pascalCase(name),
  }));
}

/** What a plugin publishes. */
export function linkPublishedEvents(
  plugin: Plugin,
  inlineFiles: (schema: JsonSchema) => JsonSchema,
): PublishedEvent[] {
  const { root, value } = plugin.manifest;
  return (value.events?.publishes ?? []).map((event, index) => {
    const { name, description, schema } = typeof event === 'string' ? { name: event } : event;
    return {
      plugin,
      name,
      span: locatedAt(root, namePath(['events', 'publishes', index], event), name).span,
      description,
      schema: schema && inlineFiles(schema),
      typeName: pascalCase(name),
    };
  });
}

/** What a plugin handles itself. */
export function linkSubscriptions(
  plugin: Plugin,
  events: EventsByName,
  inlineFiles: (schema: JsonSchema) => JsonSchema,
): Subscription[] {
  const { root, value } = plugin.manifest;
  return (value.events?.subscribes ?? []).map((event, index) => {
    const { name, schema } = typeof event === 'string' ? { name: event } : event;
    const path = ['events', 'subscribes', index];
    return {
      plugin,
      name: locatedAt(root, namePath(path, event), name),
      schema: schema && { value: inlineFiles(schema), span: keySpanAt(root, [...path, 'schema']) },
      event: events.get(name),
    };
  });
}

/** What the gateway delivers to a plugin. */
export function linkHooks(plugin: Plugin, events: EventsByName): Subscription[] {
  const { root, value } = plugin.manifest;
  return (value.backend?.hooks ?? []).map(({ name }, index) => ({
    plugin,
    name: locatedAt(root, ['backend', 'hooks', index, 'name'], name),
    schema: undefined,
    event: events.get(name),
  }));
}

/** An event is written as its name, or as an object that has it. */
function namePath(path: Path, event: string | object): Path {
  return typeof event === 'string' ? path : [...path, 'name'];
}
