import type { JsonSchema } from '@plexica/types';
import { isSchemaObject } from '../../ir/subschemas.ts';

/** What the gateway takes away or says itself: it never comes from the one who sends a request, and needs no check. */
const NOT_THE_SENDERS =
  /^(?:x-(?:tenant-id|user-id|workspace-id|caller-plugin-id|request-id|real-ip|client-ip|plexica(?:-.*)?|forwarded(?:-.*)?)|forwarded|true-client-ip|authorization|cookie|traceparent|tracestate)$/;

/**
 * The schema of the headers that a request brings along. Names have no case: they are written in lower case as Fastify does it,
 * those of the schema itself. That there be no other headers cannot be asked of any request.
 */
export function headersSchema(schema: JsonSchema): JsonSchema {
  const { properties, required, additionalProperties, ...rest } = schema;
  const own: JsonSchema = {};
  if (isSchemaObject(properties)) {
    const members = Object.entries(properties).map(([name, member]) => [name.toLowerCase(), member] as const);
    own.properties = Object.fromEntries(members.filter(([name]) => !NOT_THE_SENDERS.test(name)));
  }
  if (Array.isArray(required)) {
    const names = required.map((name) => String(name).toLowerCase());
    own.required = [...new Set(names)].filter((name) => !NOT_THE_SENDERS.test(name));
  }
  if (isSchemaObject(additionalProperties)) own.additionalProperties = additionalProperties;
  return { ...rest, ...own };
}
