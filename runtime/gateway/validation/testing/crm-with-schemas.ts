import { route } from '../../testing/start-gateway.ts';
import type { TestSchemas } from './write-validation.ts';

/** A plugin most of whose requests have schemas. */
export const CHECKED = {
  id: 'plugin-crm',
  routes: [
    route('GET /contacts'),
    route('POST /contacts'),
    route('PUT /contacts/:id'),
    route('GET /contacts/:id/notes/:number'),
    route('POST /lists'),
    route('POST /anything'),
    route('DELETE /contacts'),
    route('PATCH /broken'),
    route('POST /free'),
  ],
};

const SCHEMAS = {
  Contact: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 100 },
      age: { type: 'integer', minimum: 0 },
      stage: { enum: ['lead', 'customer'] },
      kind: { type: 'string', default: 'person' },
      address: { $ref: '#/schemas/Address' },
    },
    additionalProperties: false,
  },
  Address: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
};

export const CHECKED_SCHEMAS: TestSchemas = {
  schemas: SCHEMAS,
  endpoints: {
    'GET /contacts': {
      querystring: {
        type: 'object',
        properties: {
          take: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
          tags: { type: 'array', items: { type: 'string', maxLength: 5 } },
          search: { type: 'string' },
        },
        additionalProperties: false,
      },
      headers: {
        type: 'object',
        required: ['x-api-version', 'x-tenant-id'],
        properties: { 'x-api-version': { type: 'integer' }, 'x-tenant-id': { type: 'string' } },
      },
    },
    'POST /contacts': { body: { $ref: '#/schemas/Contact' } },
    'PUT /contacts/:id': {
      params: { type: 'object', properties: { id: { type: 'integer' } } },
      body: { $ref: '#/schemas/Contact' },
    },
    'GET /contacts/:id/notes/:number': {
      params: {
        type: 'object',
        required: ['id', 'number'],
        properties: { id: { type: 'string', pattern: '^[a-zé @]+$' }, number: { type: 'integer' } },
      },
    },
    'POST /lists': {
      body: {
        type: 'array',
        uniqueItems: true,
        items: { type: ['integer', 'object'], required: ['a', 'b', 'c', 'd'] },
      },
    },
    'POST /anything': { body: {} },
    'DELETE /contacts': { body: { type: ['object', 'null'], required: ['ids'] } },
    'PATCH /broken': { body: { $ref: '#/schemas/Missing' } },
  },
};
