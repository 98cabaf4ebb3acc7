import type { JsonSchema, PluginEndpoint, PluginReturns } from '@plexica/types';
import type { RequestSchemas } from '../ir/program.ts';

/** The schemas of one declaration, its short forms written out. */
export interface ExpandedEndpoint {
  readonly request: RequestSchemas;
  /** By status. */
  readonly responses: ReadonlyMap<string, JsonSchema>;
}

/**
 * Writes out `body` and `returns`. Where a long form stands beside a short one the long one counts; rule
 * `endpoint-contradiction` reports that.
 */
export function expandEndpoint(
  endpoint: PluginEndpoint,
  inlineFiles: (schema: JsonSchema) => JsonSchema,
): ExpandedEndpoint {
  const { schema = {} } = endpoint;
  const inline = (part: JsonSchema | undefined) => (part === undefined ? undefined : inlineFiles(part));
  const responses = new Map<string, JsonSchema>();
  for (const [status, response] of Object.entries(schema.response ?? {})) {
    responses.set(status, inlineFiles(response));
  }
  const envelope = endpoint.returns === undefined ? undefined : envelopeOf(endpoint.returns);
  if (envelope !== undefined && !responses.has('200')) responses.set('200', inlineFiles(envelope));
  return {
    request: {
      params: inline(schema.params),
      querystring: inline(schema.querystring),
      headers: inline(schema.headers),
      body: inline(schema.body ?? endpoint.body),
    },
    responses,
  };
}

/** The response convention: `{ success, data }`, `{ success, data: [...], total }`, `{ success, message }`. */
function envelopeOf({ data, list }: PluginReturns): JsonSchema {
  if (data !== undefined) return envelope({ data });
  if (list !== undefined) {
    return envelope({ data: { type: 'array', items: list }, total: { type: 'integer', minimum: 0 } });
  }
  return envelope({ message: { type: 'string' } });
}

function envelope(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: 'object',
    required: ['success', ...Object.keys(properties)],
    properties: { success: { const: true }, ...properties },
    additionalProperties: false,
  };
}
