import { createHash } from 'node:crypto';
import { isValidationDocument, type RouteTable, type ValidationDocument } from '@plexica/types';
import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf, type WorkspaceFiles } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitRoutes } from '../routes/emit-routes.ts';
import { emitValidation } from './emit-validation.ts';

const REPOSITORY = new URL('../../../', import.meta.url);
const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitValidation', () => {
  it.each(['shop', 'hostile'])('prints the golden documents of %s', async (name) => {
    await matchGolden(emitValidation(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('prints the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitValidation(programOf(reversed(files)))]).toEqual([...emitValidation(programOf(files))]);
  });

  it.each([
    ['the repository', readWorkspace(REPOSITORY)],
    ['shop', fixture('shop')],
    ['hostile', fixture('hostile')],
  ])('belongs to the route table of %s, part by part', (_, files) => {
    const program = programOf(files);
    const documents = new Map([...emitValidation(program)].map(({ path, text }) => [path, text]));
    for (const { id, validation, routes } of tableOf(files).plugins) {
      const text = documents.get(`validation/${id}.json`);
      documents.delete(`validation/${id}.json`);
      const endpoints = text === undefined ? {} : documentOf(text).endpoints;
      expect(validation).toBe(text && `sha256:${createHash('sha256').update(text).digest('hex')}`);
      const validating = routes.filter(({ validates }) => validates !== undefined);
      expect(validating.map(({ method, path, validates }) => [`${method} ${path}`, validates])).toEqual(
        Object.entries(endpoints).map(([name, parts]) => [name, Object.keys(parts)]),
      );
    }
    expect([...documents.keys()]).toEqual([]);
  });

  it('holds the named schemas in use alone, those that they use, and no words', () => {
    const schemas = {
      Unused: { type: 'null' },
      Id: { type: 'string', title: 'An id', 'x-note': 1 },
      Contact: {
        type: 'object',
        description: 'Somebody',
        properties: { id: { $ref: '#/schemas/Id', description: 'Whose' }, title: { const: { title: 'T' } } },
      },
      Answer: { type: 'object' },
    };
    const endpoint = { method: 'POST', path: '/contacts', body: { $ref: '#/schemas/Contact' } };
    const returns = { data: { $ref: '#/schemas/Answer' } };
    const document = only({ schemas, backend: { endpoints: [{ ...endpoint, returns }] } });

    expect(document).toEqual({
      format: 1,
      plugin: 'plugin-a',
      schemas: {
        Id: { type: 'string' },
        Contact: {
          type: 'object',
          properties: { id: { $ref: '#/schemas/Id' }, title: { const: { title: 'T' } } },
        },
      },
      endpoints: { 'POST /contacts': { body: { $ref: '#/schemas/Contact' } } },
    });
    expect(Object.keys(document?.schemas ?? {})).toEqual(['Id', 'Contact']);
  });

  it('says the names of headers in lower case, wherever their schema stands', () => {
    const headers = {
      type: 'object',
      required: ['If-Match', 'if-match', 'X-A'],
      properties: { 'If-Match': { type: 'string', pattern: 'A' }, 'X-A': { type: 'integer' } },
    };
    const lower = {
      type: 'object',
      required: ['if-match', 'x-a'],
      properties: { 'if-match': { type: 'string', pattern: 'A' }, 'x-a': { type: 'integer' } },
    };
    const endpoint = (path: string, schema: object) => ({ method: 'GET', path, schema: { headers: schema } });
    const endpoints = [endpoint('/a', headers), endpoint('/b', { $ref: '#/schemas/Headers' })];
    const document = only({ schemas: { Headers: headers }, backend: { endpoints } });

    expect(document?.endpoints).toEqual({ 'GET /a': { headers: lower }, 'GET /b': { headers: lower } });
    expect(document?.schemas).toEqual({});
  });

  it('does not ask a request for headers that the gateway sets, nor to have no other ones', () => {
    const text = { type: 'string' };
    const headers = {
      type: 'object',
      required: ['X-Tenant-ID', 'if-match'],
      properties: { 'X-Tenant-ID': text, 'x-plexica-context': text, authorization: text, 'if-match': text },
      additionalProperties: false,
    };
    const endpoint = { method: 'GET', path: '/a', schema: { headers } };

    expect(only({ backend: { endpoints: [endpoint] } })?.endpoints['GET /a']?.headers).toEqual({
      type: 'object',
      required: ['if-match'],
      properties: { 'if-match': text },
    });
  });

  it('leaves out a body that is not to be checked, and a plugin where nothing is', () => {
    const put = { method: 'PUT', path: '/file', body: { type: 'string' }, validateBody: false };
    const querystring = { type: 'object', properties: { name: { type: 'string' } } };

    expect(only({ backend: { endpoints: [put, { method: 'GET', path: '/file' }] } })).toBeUndefined();
    expect(only({ backend: { endpoints: [{ ...put, schema: { querystring } }] } })?.endpoints).toEqual({
      'PUT /file': { querystring },
    });
  });

  it('covers what only plugins may call, and the query of a WebSocket endpoint', () => {
    const schema = { querystring: { type: 'object' } };
    const endpoints = [
      { method: 'GET', path: '/live', webSocket: true, schema },
      { method: 'GET', path: '/things', schema },
    ];
    const services = [{ name: 'a.things', version: '1.0.0', endpoints }];

    expect(Object.keys(only({ api: { services } })?.endpoints ?? {})).toEqual(['GET /live', 'GET /things']);
  });
});

/** The document of a workspace of one plugin. */
function only(manifest: object): ValidationDocument | undefined {
  const files = { 'a/plugin.json': { id: 'plugin-a', name: 'A', version: '1.0.0', ...manifest } };
  const [file, ...others] = emitValidation(programOf(files));
  expect(others).toEqual([]);
  return file && documentOf(file.text);
}

function documentOf(text: string): ValidationDocument {
  const document: unknown = JSON.parse(text);
  if (!isValidationDocument(document)) throw new Error('this is no validation document');
  return document;
}

function tableOf(files: WorkspaceFiles): RouteTable {
  const [file] = emitRoutes(programOf(files));
  // `emitRoutes` has a test of its own that this is one.
  return JSON.parse(file?.text ?? '') as RouteTable;
}
