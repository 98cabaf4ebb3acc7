import type { ComponentsObject, ReferenceObject, ResponseObject, SchemaObject } from 'openapi3-ts/oas31';

/** Who may give an answer: the gateway, the plugin, or either. */
type Answerer = 'gateway' | 'plugin' | 'either';

interface ErrorAnswer {
  readonly component: string;
  readonly description: string;
  readonly answerer: Answerer;
  /** Whether the gateway lists under `details` what is wrong where. */
  readonly detailed?: true;
  /** Name and meaning of a header that comes with it. */
  readonly header?: readonly [name: string, description: string];
}

/** What a route can answer beside what its manifest says. 405 is not among them: no documented operation gives it. */
const ERROR_ANSWERS = {
  '400': {
    component: 'BadRequest',
    description: 'The request is malformed, or breaks the schema of the endpoint.',
    answerer: 'either',
  },
  '401': {
    component: 'Unauthorized',
    description: 'The token is missing, expired or not valid.',
    answerer: 'gateway',
    header: ['WWW-Authenticate', 'The kind of token that is asked for.'],
  },
  '403': {
    component: 'Forbidden',
    description: 'The user lacks a permission; the message names it.',
    answerer: 'either',
  },
  '404': { component: 'NotFound', description: 'There is no such thing.', answerer: 'plugin' },
  '409': {
    component: 'Conflict',
    description:
      'It does not fit the state of things; or, for a plugin, its client was made from a contract that no longer holds.',
    answerer: 'either',
  },
  '413': { component: 'PayloadTooLarge', description: 'The body is too large.', answerer: 'either' },
  '429': {
    component: 'TooManyRequests',
    description: 'Too many requests in too short a time.',
    answerer: 'either',
    header: ['Retry-After', 'Seconds after which to try again.'],
  },
  '500': { component: 'InternalError', description: 'Something failed unexpectedly.', answerer: 'either' },
  '502': { component: 'BadGateway', description: 'The plugin broke off its answer.', answerer: 'gateway' },
  '503': {
    component: 'Unavailable',
    description: 'The plugin, or something that it needs, is not available now.',
    answerer: 'either',
    header: ['Retry-After', 'Seconds after which to try again.'],
  },
  '504': {
    component: 'GatewayTimeout',
    description: 'The plugin did not answer in time.',
    answerer: 'gateway',
  },
} as const satisfies Readonly<Record<string, ErrorAnswer>>;

export type ErrorStatus = keyof typeof ERROR_ANSWERS;

/** The 400 of an endpoint whose requests the gateway checks against schemas. */
const INVALID_REQUEST: ErrorAnswer = {
  component: 'InvalidRequest',
  description: 'The request is malformed, or breaks the schema of the endpoint: `details` lists where.',
  answerer: 'either',
  detailed: true,
};

// The dot keeps them apart from every name that a manifest can give to a schema.
const GATEWAY_ERROR = 'Plexica.GatewayError';
const INVALID_REQUEST_ERROR = 'Plexica.InvalidRequest';
const PLUGIN_ERROR = 'Plexica.PluginError';

const ENVELOPE = {
  success: { type: 'boolean', const: false },
  error: { type: 'string', description: 'What is wrong, for people.' },
  code: { type: 'string', description: 'What is wrong, for programs, such as `permission-missing`.' },
  requestId: { type: 'string', description: 'Finds the request in the logs.' },
} satisfies SchemaObject['properties'];

const DETAILS: SchemaObject = {
  type: 'array',
  description: 'With the code `request-invalid`: everything that breaks a schema.',
  items: {
    type: 'object',
    required: ['in', 'path', 'message'],
    properties: {
      in: { type: 'string', enum: ['params', 'querystring', 'headers', 'body'] },
      path: { type: 'string', description: 'Below that part, as a JSON pointer; empty for the whole.' },
      message: { type: 'string' },
    },
  },
};

const SCHEMAS: Readonly<Record<string, SchemaObject>> = {
  [GATEWAY_ERROR]: {
    type: 'object',
    description: 'An error that the gateway found.',
    required: Object.keys(ENVELOPE),
    properties: ENVELOPE,
  },
  [INVALID_REQUEST_ERROR]: {
    type: 'object',
    description: 'What the gateway found wrong with a request.',
    required: Object.keys(ENVELOPE),
    properties: { ...ENVELOPE, details: DETAILS },
  },
  [PLUGIN_ERROR]: {
    type: 'object',
    description: 'An error that the plugin found.',
    required: ['success', 'error'],
    properties: {
      success: { type: 'boolean', const: false },
      error: { type: 'string', description: 'What is wrong, for people.' },
      message: { type: 'string', description: 'More about it.' },
    },
  },
};

/** Which of the components for error answers a document refers to. */
export interface ErrorReferences {
  /** Names of components. */
  readonly responses: Set<string>;
  readonly schemas: Set<string>;
}

export function noErrorReferences(): ErrorReferences {
  return { responses: new Set(), schemas: new Set() };
}

/**
 * An error answer of which the manifest says nothing: one component for all operations.
 *
 * @param checked whether the gateway checks requests against schemas
 */
export function errorReference(
  status: ErrorStatus,
  references: ErrorReferences,
  checked = false,
): ReferenceObject {
  const answer = answerOf(status, checked);
  references.responses.add(answer.component);
  for (const name of schemaNames(answer)) references.schemas.add(name);
  return { $ref: `#/components/responses/${answer.component}` };
}

/** An error answer whose body the manifest describes; the gateway's own answers may come in its place. */
export function errorResponse(
  status: ErrorStatus,
  declared: { readonly schema: SchemaObject | ReferenceObject; readonly description: string | undefined },
  references: ErrorReferences,
  checked: boolean,
): ResponseObject {
  const answer = answerOf(status, checked);
  const { description = answer.description } = declared;
  if (answer.answerer === 'plugin') return response({ ...answer, description }, declared.schema);
  const own = gatewaySchema(answer);
  references.schemas.add(own);
  return response({ ...answer, description }, { anyOf: [declared.schema, schemaReference(own)] });
}

/** The components that a document refers to. */
export function errorComponents(
  references: ErrorReferences,
): Required<Pick<ComponentsObject, 'schemas' | 'responses'>> {
  const all: readonly ErrorAnswer[] = [INVALID_REQUEST, ...Object.values(ERROR_ANSWERS)];
  const answers = all.filter(({ component }) => references.responses.has(component));
  return {
    schemas: Object.fromEntries(Object.entries(SCHEMAS).filter(([name]) => references.schemas.has(name))),
    responses: Object.fromEntries(answers.map((answer) => [answer.component, sharedResponse(answer)])),
  };
}

/** Whether it is the gateway that gives this answer, and not the plugin. */
export function isGatewayError(status: ErrorStatus): boolean {
  return ERROR_ANSWERS[status].answerer === 'gateway';
}

/** In ascending order. */
// Object.keys forgets them: these are the keys of the table that defines the type.
export const ERROR_STATUSES = Object.keys(ERROR_ANSWERS) as readonly ErrorStatus[];

function sharedResponse(answer: ErrorAnswer): ResponseObject {
  const [only, ...others] = schemaNames(answer).map(schemaReference);
  const schema =
    only === undefined || others.length > 0 ? { anyOf: schemaNames(answer).map(schemaReference) } : only;
  return response(answer, schema);
}

function answerOf(status: ErrorStatus, checked: boolean): ErrorAnswer {
  return status === '400' && checked ? INVALID_REQUEST : ERROR_ANSWERS[status];
}

function schemaNames(answer: ErrorAnswer): string[] {
  return [
    ...(answer.answerer === 'plugin' ? [] : [gatewaySchema(answer)]),
    ...(answer.answerer === 'gateway' ? [] : [PLUGIN_ERROR]),
  ];
}

function gatewaySchema({ detailed }: ErrorAnswer): string {
  return detailed === true ? INVALID_REQUEST_ERROR : GATEWAY_ERROR;
}

function schemaReference(name: string): ReferenceObject {
  return { $ref: `#/components/schemas/${name}` };
}

function response(
  { description, header }: ErrorAnswer,
  schema: SchemaObject | ReferenceObject,
): ResponseObject {
  return {
    description,
    ...(header !== undefined && {
      headers: { [header[0]]: { description: header[1], schema: { type: 'string' } } },
    }),
    content: { 'application/json': { schema } },
  };
}
