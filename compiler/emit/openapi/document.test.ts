import type { OpenAPIObject, OperationObject } from 'openapi3-ts/oas31';
import { describe, expect, it } from 'vitest';
import { programOf } from '../../testing/program-of.ts';
import { gatewayDocument, pluginDocument } from './document.ts';

/** The merged document and that of the first plugin. */
function documentsOf(manifests: readonly object[], workspace?: object): [OpenAPIObject, OpenAPIObject] {
  const files = Object.fromEntries(manifests.map((manifest, index) => [`${index}/plugin.json`, manifest]));
  const program = programOf(files, workspace === undefined ? {} : { workspace });
  const [plugin] = program.plugins;
  if (plugin === undefined) throw new Error('there is no plugin');
  return [gatewayDocument(program), pluginDocument(plugin, program)];
}

const plugin = (endpoints: readonly object[], more: object = {}) => ({
  id: 'plugin-a',
  name: 'A',
  version: '1.0.0',
  backend: { endpoints },
  ...more,
});

function operationOf(endpoint: object, more: object = {}): OperationObject {
  const [, document] = documentsOf([plugin([{ method: 'GET', path: '/x', ...endpoint }], more)]);
  const [item] = Object.values(document.paths ?? {});
  const operation = item?.get ?? item?.post ?? item?.delete;
  if (operation === undefined) throw new Error('there is no operation');
  return operation;
}

describe('paths', () => {
  it('puts endpoints that differ in method and names of parameters into one path', () => {
    const [, { paths }] = documentsOf([
      plugin([
        { method: 'GET', path: '/a/:id/b/:other' },
        { method: 'PUT', path: '/a/:x/b/:y' },
      ]),
    ]);
    expect(Object.keys(paths ?? {})).toEqual(['/plugin-a/a/{id}/b/{other}']);
    const names = Object.values(paths ?? {})[0]?.put?.parameters?.map((each) => 'name' in each && each.name);
    expect(names).toEqual(['id', 'other']);
  });

  it.each([
    ['/', '/plugin-a'],
    ['/:constructor', '/plugin-a/{constructor_}'],
    ['/:toString/:toString_', '/plugin-a/{toString__}/{toString_}'],
  ])('writes %s as %s', (path, expected) => {
    expect(Object.keys(documentsOf([plugin([{ method: 'GET', path }])])[1].paths ?? {})).toEqual([expected]);
  });

  it('leaves out what is for plugins alone, and schemas that only that needs', () => {
    const service = {
      name: 'a.things',
      version: '1.0.0',
      endpoints: [{ method: 'GET', path: '/inner', returns: { data: { $ref: '#/schemas/Inner' } } }],
    };
    const schemas = {
      Inner: { type: 'object' },
      Outer: { $ref: '#/schemas/Deep' },
      Deep: { type: 'string' },
    };
    const endpoint = { method: 'GET', path: '/x', returns: { data: { $ref: '#/schemas/Outer' } } };
    const [, { paths, components }] = documentsOf([
      plugin([endpoint], { schemas, api: { services: [service] } }),
    ]);
    expect(Object.keys(paths ?? {})).toEqual(['/plugin-a/x']);
    expect(Object.keys(components?.schemas ?? {}).filter((name) => !name.includes('.'))).toEqual([
      'Outer',
      'Deep',
    ]);
  });
});

describe('a WebSocket endpoint', () => {
  const live = {
    method: 'GET',
    path: '/live/:id',
    webSocket: true,
    permissions: ['a:b'],
    summary: 'All news',
  };
  const service = { name: 'a.live', version: '1.0.0', endpoints: [{ ...live, path: '/inner' }] };
  const [merged, own] = documentsOf([
    plugin([live, { method: 'GET', path: '/x' }], { api: { services: [service] } }),
  ]);

  it('is told in words, since it gives no answer that OpenAPI could describe', () => {
    const words =
      'WebSocket endpoints, which OpenAPI has no words for:\n\n' +
      '- `/plugin-a/live/:id`: All news. Needs the permission `a:b`.';
    expect(own.info.description).toBe(`The API of A.\n\n${words}`);
    expect(merged.info.description?.endsWith(words)).toBe(true);
    expect(Object.keys(own.paths ?? {})).toEqual(['/plugin-a/x']);
  });

  it('is not spoken of where there is none', () => {
    const [, { info }] = documentsOf([plugin([{ method: 'GET', path: '/x' }])]);
    expect(info.description).toBe('The API of A.');
  });
});

describe('the merged document', () => {
  it('keeps the names of plugins apart', () => {
    const manifest = (id: string) => ({
      ...plugin([{ method: 'GET', path: '/x', tags: ['T'], returns: { data: { $ref: '#/schemas/S' } } }]),
      id,
      schemas: { S: { type: 'string' } },
    });
    const [{ paths, components, tags }] = documentsOf([manifest('shop'), manifest('shop-b')]);
    expect(Object.keys(components?.schemas ?? {}).slice(0, 2)).toEqual(['Shop_S', 'ShopB_S']);
    expect(tags?.map(({ name }) => name)).toEqual(['Gateway', 'shop: T', 'shop-b: T']);
    expect(Object.values(paths ?? {}).map((item) => item.get?.operationId)).toEqual([
      'getHealth',
      'getReady',
      'shop_getX',
      'shopB_getX',
    ]);
    expect(JSON.stringify(paths?.['/shop-b/x'])).toContain('"#/components/schemas/ShopB_S"');
  });
});

describe('servers', () => {
  it.each([
    [undefined, '/api/plugin-gateway'],
    ['https://api.acme.test', 'https://api.acme.test/api/plugin-gateway'],
    ['https://acme.test/base/', 'https://acme.test/base/api/plugin-gateway'],
    ['https://ada:secret@acme.test/?token=1#x', 'https://acme.test/api/plugin-gateway'],
    ['https://${HOST}/', '/api/plugin-gateway'],
  ])('publicUrl %s is %s', (publicUrl, expected) => {
    const gateway = publicUrl === undefined ? {} : { publicUrl };
    const [{ servers }] = documentsOf([plugin([])], { plugins: ['*'], gateway });
    expect(servers?.map(({ url }) => url)).toEqual([expected]);
  });
});

describe('info', () => {
  it.each([
    [undefined, { name: 'No license stated', identifier: 'LicenseRef-not-stated' }],
    ['MIT', { name: 'MIT', identifier: 'MIT' }],
    [
      '(Apache-2.0 OR GPL-2.0+)',
      { name: '(Apache-2.0 OR GPL-2.0+)', identifier: '(Apache-2.0 OR GPL-2.0+)' },
    ],
    ['Proprietary', { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' }],
    ['see "LICENSE"\n*/', { name: 'see "LICENSE" */', identifier: 'LicenseRef-see-LICENSE-' }],
  ])('license %j is %j', (license, expected) => {
    const [, { info }] = documentsOf([plugin([], { metadata: license === undefined ? {} : { license } })]);
    expect(info.license).toEqual(expected);
  });
});

describe('operation', () => {
  const path = '/x/:id';
  it.each<[string, object, string[]]>([
    ['open to everyone', { auth: false }, ['200', '400', '500', '502', '503', '504']],
    ['for signed-in users', {}, ['200', '400', '401', '500', '502', '503', '504']],
    ['with permissions', { permissions: ['a:b'] }, ['200', '400', '401', '403', '500', '502', '503', '504']],
    ['with parameters', { path, auth: false }, ['200', '400', '404', '500', '502', '503', '504']],
    ['with a body', { method: 'POST', auth: false }, ['200', '400', '413', '500', '502', '503', '504']],
    ['without one', { method: 'DELETE', auth: false }, ['200', '400', '500', '502', '503', '504']],
    [
      'with a rate limit',
      { auth: false, rateLimit: { max: 1, window: '1s' } },
      ['200', '400', '429', '500', '502', '503', '504'],
    ],
    [
      'with answers of its own',
      { auth: false, schema: { response: { 204: {}, 409: {}, '4xx': {}, default: {} } } },
      ['204', '400', '409', '500', '502', '503', '504', '4XX', 'default'],
    ],
  ])('tells the answers of an endpoint %s', (_, endpoint, expected) => {
    expect(Object.keys(operationOf(endpoint).responses ?? {})).toEqual(expected);
  });

  it('lets the gateway answer beside the plugin where the manifest describes an error', () => {
    const own = { type: 'object', description: 'Mine.', properties: { why: { type: 'string' } } };
    const { responses = {} } = operationOf({ schema: { response: { 403: own, 404: own } } });
    const schemaOf = (status: string) => responses[status].content['application/json'].schema;
    const { description, ...bare } = own;
    expect(responses['403'].description).toBe(description);
    expect(schemaOf('403')).toEqual({ anyOf: [bare, { $ref: '#/components/schemas/Plexica.GatewayError' }] });
    // The gateway serves every documented route: only the plugin can miss something.
    expect(schemaOf('404')).toEqual(bare);
  });

  it('lists the details of a request that breaks a schema, where the gateway checks one', () => {
    const body = { type: 'object' };
    const answer = (endpoint: object) => operationOf({ method: 'POST', ...endpoint }).responses?.['400'];
    const invalid = { $ref: '#/components/responses/InvalidRequest' };
    const bad = { $ref: '#/components/responses/BadRequest' };

    expect(answer({ body })).toEqual(invalid);
    expect(answer({ schema: { querystring: { type: 'object' } } })).toEqual(invalid);
    expect(answer({})).toEqual(bad);
    expect(answer({ body, validateBody: false })).toEqual(bad);

    const own = { type: 'object', properties: { why: { type: 'string' } } };
    expect(answer({ schema: { body, response: { 400: own } } }).content['application/json'].schema).toEqual({
      anyOf: [own, { $ref: '#/components/schemas/Plexica.InvalidRequest' }],
    });
    const [, { components }] = documentsOf([plugin([{ method: 'POST', path: '/x', body }])]);
    expect(Object.keys(components?.responses ?? {})).not.toContain('BadRequest');
    expect(components?.schemas?.['Plexica.InvalidRequest']).toMatchObject({
      properties: { details: { items: { required: ['in', 'path', 'message'] } } },
    });
  });

  it('tells of clients that are out of date where a service offers the endpoint, and nowhere else', () => {
    const own = { type: 'object', properties: { why: { type: 'string' } } };
    const endpoint = { method: 'GET', path: '/x' };
    const services = [{ name: 'a.x', version: '1.0.0', endpoints: [endpoint] }];
    const told = { schema: { response: { 409: own } } };
    const schemaOf = (operation: OperationObject) =>
      operation.responses?.['409'].content['application/json'].schema;

    expect(operationOf(endpoint, { api: { services } }).responses?.['409']).toEqual({
      $ref: '#/components/responses/Conflict',
    });
    expect(operationOf(endpoint).responses).not.toHaveProperty('409');
    expect(schemaOf(operationOf(told))).toEqual(own);
    expect(schemaOf(operationOf(told, { api: { services } }))).toEqual({
      anyOf: [own, { $ref: '#/components/schemas/Plexica.GatewayError' }],
    });
  });

  it('tells permissions and limits in words, and permissions for programs', () => {
    const operation = operationOf({
      description: 'Do it. Now.',
      permissions: ['a:b', 'plugin.a.c.d'],
      rateLimit: { max: 5, window: '1m' },
    });
    expect(operation).toMatchObject({
      summary: 'Do it',
      description: 'Do it. Now.\n\nNeeds the permissions `a:b` and `c:d`.\n\nAt most 5 requests in 60 s.',
      'x-plexica-permissions': ['a:b', 'c:d'],
    });
    expect(operation.security).toBeUndefined();
    expect(operationOf({ auth: false }).security).toEqual([]);
  });

  it('documents the headers that a client may send, and no others', () => {
    const names = [
      'Accept-Language',
      'X-Tenant-ID',
      'x-plexica-context',
      'Authorization',
      'content-type',
      'te',
    ];
    const headers = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, {}])) };
    const { parameters } = operationOf({ schema: { headers } });
    expect(parameters?.map((each) => 'name' in each && each.name)).toEqual(['Accept-Language']);
  });

  it('takes apart a query that is composed', () => {
    const querystring = {
      $ref: '#/schemas/Query',
    };
    const schemas = {
      Query: {
        type: 'object',
        required: ['a', 'c'],
        properties: { a: { type: 'string' }, no: false },
        allOf: [{ $ref: '#/schemas/Paging' }],
        oneOf: [{ required: ['d'], properties: { d: true } }],
      },
      Paging: {
        required: ['b'],
        properties: { a: { type: 'null' }, b: { type: 'integer' }, c: { type: 'boolean' } },
      },
    };
    const { parameters } = operationOf({ schema: { querystring } }, { schemas });
    expect(parameters).toEqual([
      { name: 'a', in: 'query', required: true, schema: { type: 'string' } },
      { name: 'b', in: 'query', required: true, schema: { type: 'integer' } },
      { name: 'c', in: 'query', required: true, schema: { type: 'boolean' } },
      { name: 'd', in: 'query', schema: {} },
    ]);
  });
});
