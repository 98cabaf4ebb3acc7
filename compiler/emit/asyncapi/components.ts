import type { JsonSchema } from '@plexica/types';
import type { Plugin, PublishedEvent } from '../../ir/program.ts';
import { PLATFORM, publisherId } from '../../ir/publisher-id.ts';
import { escapeMarkdown } from '../openapi/markdown.ts';
import { type SchemaScope, schemaObject } from '../openapi/schema.ts';
import { referencedNames } from '../typescript/schema-types.ts';
import { CLOUD_EVENT_ATTRIBUTES } from './cloud-event-attributes.ts';

/** No plugin's schema has this name: theirs have a dot behind the plugin's id. */
const ATTRIBUTES = 'CloudEventAttributes';

/** The message of each event, and the schemas that they refer to. */
export function eventComponents(events: readonly PublishedEvent[]): object {
  return {
    messages: Object.fromEntries(events.map((event) => [event.name, message(event)])),
    schemas: { [ATTRIBUTES]: CLOUD_EVENT_ATTRIBUTES, ...namedSchemas(events) },
  };
}

function message(event: PublishedEvent): object {
  const { name, description, schema, plugin } = event;
  return {
    name,
    title: name,
    ...(description !== undefined && { description: escapeMarkdown(description) }),
    contentType: 'application/json',
    correlationId: { location: '$message.header#/correlationid' },
    tags: [{ name: publisherId(event) }],
    headers: {
      type: 'object',
      allOf: [{ $ref: `#/components/schemas/${ATTRIBUTES}` }],
      properties: {
        source: { type: 'string', const: sourceOf(event) },
        type: { type: 'string', const: name },
      },
    },
    ...(schema !== undefined && { payload: schemaObject(schema, scopeOf(plugin)) }),
    bindings: { kafka: { key: { type: 'string', description: 'The tenant.' }, bindingVersion: '0.5.0' } },
  };
}

/** As CloudEvents have it: `/plugins/plugin-crm`, `/platform`. */
function sourceOf({ plugin }: PublishedEvent): string {
  return plugin === undefined ? `/${PLATFORM}` : `/plugins/${plugin.id.value}`;
}

/** The named schemas in use, in the order of their manifests. */
function namedSchemas(events: readonly PublishedEvent[]): Record<string, object> {
  const schemas: Record<string, object> = {};
  for (const plugin of new Set(events.map((event) => event.plugin))) {
    if (plugin === undefined) continue;
    const roots: JsonSchema[] = plugin.publishes.flatMap(({ schema }) =>
      schema === undefined ? [] : [schema],
    );
    const used = new Set(referencedNames(roots, plugin));
    const scope = scopeOf(plugin);
    for (const [name, { schema }] of plugin.schemas) {
      if (used.has(name)) schemas[scope.componentName(name)] = schemaObject(schema, scope);
    }
  }
  return schemas;
}

/** Ids of plugins hold no dot, so that the first one ends the plugin's part. */
function scopeOf(plugin: Plugin | undefined): SchemaScope {
  return {
    componentName: (name) => (plugin === undefined ? name : `${plugin.id.value}.${name}`),
    references: { schemas: new Set() },
  };
}
