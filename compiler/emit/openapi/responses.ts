import type { JsonSchema } from '@plexica/types';
import type { ReferenceObject, ResponseObject, ResponsesObject } from 'openapi3-ts/oas31';
import { resolveReference } from '../../ir/dereference.ts';
import type { Route } from '../../ir/program.ts';
import { validatedParts } from '../validation/validated-parts.ts';
import { ERROR_STATUSES, type ErrorStatus, errorReference, errorResponse, isGatewayError } from './errors.ts';
import { jsonBody } from './examples.ts';
import { escapeMarkdown } from './markdown.ts';
import { schemaObject } from './schema.ts';
import type { Scope } from './scope.ts';

type Responses = Record<string, ResponseObject | ReferenceObject>;

/**
 * What an endpoint answers: what its manifest says, or the response envelope with data of any shape where it says nothing,
 * and the errors that the gateway adds.
 */
export function responses(route: Route, scope: Scope): ResponsesObject {
  const declared = route.responses;
  const statuses = [...declared.keys()];
  const answers: Responses = {};
  if (!statuses.some((status) => /^[23]/.test(status))) {
    answers['200'] = success('200', declared.get('default') ?? UNKNOWN_ENVELOPE, scope);
  }
  const possible = possibleErrors(route);
  // The gateway gives no other 409 than to the clients of a service: without one it is the plugin's own.
  const errors = ERROR_STATUSES.filter((status) => status !== '409' || possible.has(status));
  for (const [status, schema] of declared) {
    if (!errors.some((error) => error === status))
      answers[status.replace('xx', 'XX')] = success(status, schema, scope);
  }
  const checked = validatedParts(route).length > 0;
  for (const status of errors) {
    const own = declared.get(status);
    const schema = own ?? rangeSchema(status, declared);
    if (schema !== undefined && (own !== undefined || possible.has(status))) {
      const { description, ...rest } = schema;
      const said = {
        schema: schemaObject(rest, scope),
        // What it says of a range of statuses is not of this one.
        description: own === undefined ? undefined : textOf(description),
      };
      answers[status] = errorResponse(status, said, scope.references.errors, checked);
    } else if (possible.has(status)) {
      answers[status] = errorReference(status, scope.references.errors, checked);
    }
  }
  return answers;
}

/** `{ success: true, data }`, of which the manifest says no more. */
const UNKNOWN_ENVELOPE: JsonSchema = {
  type: 'object',
  required: ['success'],
  properties: { success: { type: 'boolean', const: true }, data: {} },
};

/** The errors that a caller of this endpoint may meet. */
function possibleErrors({
  auth,
  permissions,
  parameters,
  method,
  request,
  rateLimit,
  contract,
}: Route): Set<ErrorStatus> {
  const takesBody = request.body !== undefined || (method !== 'GET' && method !== 'DELETE');
  return new Set<ErrorStatus>([
    '400',
    ...(auth ? (['401'] as const) : []),
    ...(auth && permissions.length > 0 ? (['403'] as const) : []),
    ...(parameters.length > 0 ? (['404'] as const) : []),
    ...(contract === undefined ? [] : (['409'] as const)),
    ...(takesBody ? (['413'] as const) : []),
    ...(rateLimit === undefined ? [] : (['429'] as const)),
    '500',
    '502',
    '503',
    '504',
  ]);
}

/** What the manifest says about all statuses of a class, or about all, if it is the plugin that gives such an answer. */
function rangeSchema(status: ErrorStatus, declared: Route['responses']): JsonSchema | undefined {
  return isGatewayError(status)
    ? undefined
    : (declared.get(`${status.charAt(0)}xx`) ?? declared.get('default'));
}

/** An answer that is the plugin's alone: any but the errors above. */
function success(status: string, schema: JsonSchema, scope: Scope): ResponseObject {
  const { description: about } = resolveReference(schema, scope.plugin.schemas);
  const description = textOf(about) ?? DESCRIPTIONS[status] ?? describeClass(status);
  const hasNoBody = status.startsWith('1') || ['204', '205', '304'].includes(status);
  if (hasNoBody) return { description };
  // What the schema itself said about the answer now stands beside it.
  const { description: _, ...rest } = schema;
  return { description, content: { 'application/json': jsonBody(rest, scope) } };
}

function textOf(description: unknown): string | undefined {
  return typeof description === 'string' && description !== '' ? escapeMarkdown(description) : undefined;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '200': 'Done.',
  '201': 'Created.',
  '202': 'Accepted; it is not finished yet.',
  '204': 'Done; there is nothing to say.',
  '304': 'Not changed.',
  default: 'Any other answer.',
};

const CLASSES: Readonly<Record<string, string>> = {
  '1': 'The request goes on.',
  '2': 'Done.',
  '3': 'It is elsewhere.',
  '4': 'The request is refused.',
  '5': 'Something failed.',
};

function describeClass(status: string): string {
  return CLASSES[status.charAt(0)] ?? 'An answer.';
}
