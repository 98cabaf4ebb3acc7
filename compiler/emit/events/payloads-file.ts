import type { Plugin, Program, PublishedEvent } from '../../ir/program.ts';
import { PLATFORM } from '../../ir/publisher-id.ts';
import type { EmittedFile } from '../emitter.ts';
import { declareType } from '../typescript/declare-type.ts';
import { schemaTypesPath, typeContext } from '../typescript/schema-types.ts';
import { type SourceContent, sourceFile, sourceFileFrom } from '../typescript/source-file.ts';
import { namesIn, type TypeNode, unknown } from '../typescript/type-node.ts';
import { type TypeContext, typeOfSchema } from '../typescript/type-of-schema.ts';

/**
 * The file that holds the types of what a publisher publishes, below the output folder. All that speak of an event take its
 * type from there, so that they mean the same one.
 */
export function payloadsPath(publisher: string): string {
  return `events/payloads/${publisher}.ts`;
}

/** The payloads of a plugin's events. */
export function pluginPayloadsFile(plugin: Plugin, program: Program): EmittedFile {
  const context = typeContext(plugin, { scope: 'schemas' });
  const types = plugin.publishes.map((event) => [event, typeOfPayload(event, context)] as const);
  const usesSchemas = [...namesIn(types.map(([, type]) => type))].some((name) => name.startsWith('schemas.'));
  return sourceFile(payloadsPath(plugin.id.value), plugin, program, {
    imports: usesSchemas ? [`import type * as schemas from '../../${schemaTypesPath(plugin)}';`] : [],
    parts: partsOf(types),
  });
}

/** The payloads of the core events. */
export function platformPayloadsFile(events: readonly PublishedEvent[]): EmittedFile {
  const context: TypeContext = { values: 'sent', typeOfReference: () => undefined };
  const types = events.map((event) => [event, typeOfPayload(event, context)] as const);
  return sourceFileFrom(payloadsPath(PLATFORM), 'the core events of the platform', {
    imports: [],
    parts: partsOf(types),
  });
}

function typeOfPayload({ schema }: PublishedEvent, context: TypeContext): TypeNode {
  return schema === undefined ? unknown : typeOfSchema(schema, context);
}

function partsOf(types: readonly (readonly [PublishedEvent, TypeNode])[]): SourceContent['parts'] {
  return types.map(([{ name, typeName, description, schema }, type]) => {
    const own = typeof schema?.description === 'string' ? schema.description : '';
    const text = description?.trim() || own.trim() || `The payload of ${name}.`;
    return declareType(typeName, type, { description: text, deprecated: schema?.deprecated });
  });
}
