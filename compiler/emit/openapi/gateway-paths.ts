import type {
  OperationObject,
  PathsObject,
  ResponseObject,
  SchemaObject,
  TagObject,
} from 'openapi3-ts/oas31';
import { type ErrorReferences, type ErrorStatus, errorReference } from './errors.ts';

/** Ids of plugins have no capital letter, so that no tag of theirs is the same. */
export const GATEWAY_TAG: TagObject = { name: 'Gateway', description: 'The state of the gateway itself.' };

/**
 * The gateway's own endpoints that are of use to any caller: what a load balancer or a script asks before it sends requests. The
 * others serve operators and plugins, and are not part of the API of the workspace.
 */
export function gatewayPaths(errors: ErrorReferences): PathsObject {
  const errorAnswer = (status: ErrorStatus) => ({ [status]: errorReference(status, errors) });
  return {
    '/health': {
      get: open({
        operationId: 'getHealth',
        summary: 'Whether the gateway lives',
        description: 'Answers as long as the gateway serves requests, whatever the state of the plugins.',
        responses: {
          '200': stateAnswer('The gateway lives.', { status: { type: 'string', const: 'ok' } }),
          ...errorAnswer('400'),
        },
      }),
    },
    '/ready': {
      get: open({
        operationId: 'getReady',
        summary: 'Whether the gateway is ready for traffic',
        description: 'Answers 200 once every configured plugin has been checked, and 503 before.',
        responses: {
          '200': stateAnswer('Every configured plugin has been checked.', {
            status: { type: 'string', const: 'ready' },
            plugins: PLUGIN_STATES,
          }),
          ...errorAnswer('400'),
          ...errorAnswer('503'),
        },
      }),
    },
  };
}

function open(operation: OperationObject): OperationObject {
  return { ...operation, tags: [GATEWAY_TAG.name], security: [] };
}

function stateAnswer(description: string, properties: SchemaObject['properties']): ResponseObject {
  const data: SchemaObject = {
    type: 'object',
    required: Object.keys(properties ?? {}),
    properties: properties ?? {},
  };
  const schema: SchemaObject = {
    type: 'object',
    required: ['success', 'data'],
    properties: { success: { type: 'boolean', const: true }, data },
  };
  return { description, content: { 'application/json': { schema } } };
}

const PLUGIN_STATES: SchemaObject = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'state'],
    properties: {
      id: { type: 'string', description: 'The id of the plugin.' },
      state: { type: 'string', description: '`HEALTHY`, `DEGRADED` or `UNAVAILABLE`.' },
    },
  },
};
