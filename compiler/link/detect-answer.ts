import type { JsonSchema } from '@plexica/types';
import { type NamedSchemas, resolveReference } from '../ir/dereference.ts';
import type { Answer } from '../ir/program.ts';
import { isSchemaObject } from '../ir/subschemas.ts';

/** What the first successful response with a body holds, once the response envelope is off. */
export function detectAnswer(responses: ReadonlyMap<string, JsonSchema>, schemas: NamedSchemas): Answer {
  const status = [...responses.keys()].filter(hasBody).sort()[0];
  const response = status === undefined ? undefined : responses.get(status);
  if (response === undefined) return { kind: 'unknown' };

  const { success, data, total, message } = propertiesOf(resolveReference(response, schemas));
  if (success === undefined) return { kind: 'whole', schema: response };
  if (data !== undefined) {
    const items = total === undefined ? undefined : itemsOf(data, schemas);
    return items === undefined ? { kind: 'data', schema: data } : { kind: 'list', schema: items };
  }
  return message === undefined ? { kind: 'whole', schema: response } : { kind: 'message' };
}

/** 204 and 205 never have one. */
function hasBody(status: string): boolean {
  return status.startsWith('2') && status !== '204' && status !== '205';
}

interface EnvelopeProperties {
  readonly success?: JsonSchema;
  readonly data?: JsonSchema;
  readonly total?: JsonSchema;
  readonly message?: JsonSchema;
}

function propertiesOf(schema: JsonSchema): EnvelopeProperties {
  if (!isSchemaObject(schema.properties)) return {};
  return Object.fromEntries(Object.entries(schema.properties).filter(([, value]) => isSchemaObject(value)));
}

function itemsOf(data: JsonSchema, schemas: NamedSchemas): JsonSchema | undefined {
  const { type, items } = resolveReference(data, schemas);
  if (type !== 'array') return undefined;
  return isSchemaObject(items) ? items : {};
}
