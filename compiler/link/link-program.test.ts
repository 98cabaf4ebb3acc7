import { describe, expect, it } from 'vitest';
import type { Program, Route } from '../ir/program.ts';
import { programOf } from '../testing/program-of.ts';

const CRM = {
  id: 'plugin-crm',
  name: 'CRM',
  version: '1.2.0',
  permissions: [{ resource: 'contacts', action: 'read' }],
  schemas: { Contact: { type: 'object', properties: { id: { type: 'string' } } } },
  backend: {
    endpoints: [
      {
        method: 'GET',
        path: '/contacts/:id',
        permissions: ['plugin.crm.contacts.read'],
        summary: 'One contact',
      },
      { method: 'POST', path: '/contacts', body: { $ref: '#/schemas/Contact' }, requiresAuth: false },
    ],
  },
  api: {
    services: [
      {
        name: 'crm.contacts',
        version: '1.0.0',
        endpoints: [
          { method: 'GET', path: '/contacts', operationId: 'all', rateLimit: { max: 5, window: '1m' } },
          {
            method: 'GET',
            path: '/contacts/:contactId',
            returns: { data: { $ref: '#/schemas/Contact' } },
            summary: 'Ignored',
          },
        ],
      },
    ],
  },
};

function withPlugins(...manifests: readonly { readonly id: string }[]): Program {
  return programOf(
    Object.fromEntries(manifests.map((manifest) => [`plugins/${manifest.id}/plugin.json`, manifest])),
  );
}

function routeOf(endpoint: object): Route {
  const manifest = {
    ...CRM,
    backend: { endpoints: [{ method: 'GET', path: '/x', ...endpoint }] },
    api: undefined,
  };
  const [route] = withPlugins(manifest).routes;
  if (route === undefined) throw new TypeError('no route');
  return route;
}

describe('the routes of a program', () => {
  const program = withPlugins(CRM);

  it('stand in the order of the manifest, those of backend.endpoints first', () => {
    expect(program.routes.map(({ label, users }) => ({ label, users }))).toEqual([
      { label: 'GET /contacts/:id of plugin-crm', users: true },
      { label: 'POST /contacts of plugin-crm', users: true },
      { label: 'GET /contacts of plugin-crm', users: false },
    ]);
  });

  it('merge what both lists say of one request, the first one first', () => {
    const [route] = program.routes;

    expect(route).toMatchObject({
      summary: 'One contact',
      parameters: ['id'],
      auth: true,
      idempotent: true,
      answer: { kind: 'data', schema: { $ref: '#/schemas/Contact' } },
    });
    expect(route?.permissions.map(({ value }) => value)).toEqual(['contacts:read']);
    expect(route?.declarations.map(({ service }) => service?.name.value)).toEqual([
      undefined,
      'crm.contacts',
    ]);
  });

  it('fill in what is left out', () => {
    expect(program.routes[1]).toMatchObject({
      auth: false,
      idempotent: false,
      tags: [],
      deprecated: false,
      operationId: { value: 'postContacts' },
      request: { body: { $ref: '#/schemas/Contact' }, params: undefined },
      answer: { kind: 'unknown' },
    });
    expect(program.routes[2]?.rateLimit).toEqual({ max: 5, windowMs: 60_000 });
  });

  it('name operations by backend.endpoints, and methods of clients by the service', () => {
    const methods = program.services[0]?.endpoints.map(({ methodName, route }) => [
      methodName.value,
      route.operationId.value,
    ]);

    expect(methods).toEqual([
      ['get', 'getContactsById'],
      ['all', 'getContacts'],
    ]);
  });

  it('stay apart where one list declares a request twice', () => {
    const twice = { ...CRM, backend: { endpoints: [CRM.backend.endpoints[0], CRM.backend.endpoints[0]] } };

    expect(withPlugins(twice).routes.map(({ label, declarations }) => [label, declarations.length])).toEqual([
      ['GET /contacts/:id of plugin-crm', 2],
      ['GET /contacts/:id of plugin-crm', 1],
      ['GET /contacts of plugin-crm', 1],
    ]);
  });
});

describe('the answer of a route', () => {
  const envelope = (properties: object) => ({
    type: 'object',
    properties: { success: { const: true }, ...properties },
  });
  const response = (status: string, schema: object) => ({ schema: { response: { [status]: schema } } });
  const contact = { $ref: '#/schemas/Contact' };

  it.each<[string, object, object]>([
    ['returns data', { returns: { data: contact } }, { kind: 'data', schema: contact }],
    ['returns a list', { returns: { list: contact } }, { kind: 'list', schema: contact }],
    ['returns a message', { returns: { message: true } }, { kind: 'message' }],
    [
      'an envelope under 201',
      response('201', envelope({ data: contact })),
      { kind: 'data', schema: contact },
    ],
    [
      'a list written out',
      response('200', envelope({ data: { type: 'array', items: contact }, total: { type: 'integer' } })),
      { kind: 'list', schema: contact },
    ],
    [
      'an array without a total',
      response('200', envelope({ data: { type: 'array', items: contact } })),
      { kind: 'data', schema: { type: 'array', items: contact } },
    ],
    ['a message written out', response('2xx', envelope({ message: {} })), { kind: 'message' }],
    [
      'a shape of its own',
      response('200', { type: 'string' }),
      { kind: 'whole', schema: { type: 'string' } },
    ],
    ['a success and nothing else', response('200', envelope({})), { kind: 'whole', schema: envelope({}) }],
    ['errors alone', response('404', envelope({ data: {} })), { kind: 'unknown' }],
    ['no body', response('204', {}), { kind: 'unknown' }],
    ['nothing', {}, { kind: 'unknown' }],
  ])('is found for %s', (_, endpoint, answer) => {
    expect(routeOf(endpoint).answer).toEqual(answer);
  });

  it('writes the envelope out', () => {
    expect(routeOf({ returns: { list: contact } }).responses.get('200')).toEqual({
      type: 'object',
      required: ['success', 'data', 'total'],
      properties: {
        success: { const: true },
        data: { type: 'array', items: contact },
        total: { type: 'integer', minimum: 0 },
      },
      additionalProperties: false,
    });
  });
});

describe('the edges of a program', () => {
  const caller = (dependencies: readonly object[]) => ({
    id: 'plugin-a',
    name: 'A',
    version: '1.0.0',
    api: { dependencies },
  });
  const edge = { pluginId: 'plugin-crm', version: '^1.0.0' };

  it.each<[string, object, object]>([
    ['a service', { ...edge, serviceName: 'crm.contacts' }, { 'crm.contacts': ['get', 'all'] }],
    ['a plugin', edge, { 'crm.contacts': ['get', 'all'] }],
    ['one endpoint', { ...edge, endpoints: ['GET /contacts/:x'] }, { 'crm.contacts': ['get'] }],
    [
      'an unknown endpoint',
      { ...edge, serviceName: 'crm.contacts', endpoints: ['GET /x'] },
      { 'crm.contacts': [] },
    ],
    ['an unknown service', { ...edge, serviceName: 'crm.deals' }, {}],
    ['an unknown plugin', { ...edge, pluginId: 'plugin-x' }, {}],
  ])('lead to the endpoints that %s means', (_, dependency, expected) => {
    const [linked] = withPlugins(CRM, caller([dependency])).edges;

    expect(linked?.required).toBe(true);
    expect(
      Object.fromEntries(
        linked?.services.map(({ service, endpoints }) => [
          service.name.value,
          endpoints.map(({ methodName }) => methodName.value),
        ]) ?? [],
      ),
    ).toEqual(expected);
  });

  it('lead to the first of two plugins with one id', () => {
    const { edges } = programOf({
      'plugins/z/plugin.json': { ...CRM, name: 'Second' },
      'plugins/b/plugin.json': { ...CRM, name: 'First' },
      'plugins/a/plugin.json': caller([edge]),
    });

    expect(edges[0]?.plugin?.name).toBe('First');
  });

  it('are read from all forms of `dependencies`', () => {
    const dependent = (set: object) => ({ id: 'plugin-a', name: 'A', version: '1.0.0', dependencies: set });
    const linked = (set: object) =>
      withPlugins(CRM, dependent(set)).plugins[0]?.pluginDependencies.map(
        ({ id, version, required, plugin }) => [id.value, version?.value, required, plugin?.name],
      );

    expect(linked({ required: { 'plugin-crm': '^1.0.0' } })).toEqual([['plugin-crm', '^1.0.0', true, 'CRM']]);
    expect(
      linked({ optional: ['plugin-crm', { id: 'plugin-x', version: '*' }, { id: 'plugin-y' }] }),
    ).toEqual([
      ['plugin-crm', undefined, false, 'CRM'],
      ['plugin-x', '*', false, undefined],
      ['plugin-y', undefined, false, undefined],
    ]);
  });
});

describe('schema files', () => {
  const manifest = (schemas: object, body: object) => ({
    ...CRM,
    schemas,
    backend: { endpoints: [{ method: 'POST', path: '/x', body }] },
    api: undefined,
  });

  it('stand in the place of the references to them', () => {
    const { plugins, routes } = programOf({
      'plugins/crm/plugin.json': manifest(
        { Contact: { $ref: './schemas/contact.json' } },
        { items: { $ref: './schemas/contact.json', title: 'T' } },
      ),
      'plugins/crm/schemas/contact.json': {
        $id: 'https://example.com/contact',
        properties: { address: { $ref: './address.json' } },
      },
      'plugins/crm/address.json': { type: 'string' },
    });

    expect(plugins[0]?.schemas.get('Contact')?.schema).toEqual({
      properties: { address: { type: 'string' } },
    });
    expect(routes[0]?.request.body).toEqual({
      items: { title: 'T', properties: { address: { type: 'string' } } },
    });
  });

  it('leave a reference where it leads nowhere or back to itself', () => {
    const { plugins } = programOf({
      'plugins/crm/plugin.json': manifest({ A: { $ref: './a.json' }, B: { $ref: './absent.json' } }, {}),
      'plugins/crm/a.json': { items: { $ref: './a.json' } },
    });

    expect(plugins[0]?.schemas.get('A')?.schema).toEqual({ items: { $ref: './a.json' } });
    expect(plugins[0]?.schemas.get('B')?.schema).toEqual({ $ref: './absent.json' });
  });
});

describe('the contract of a service', () => {
  const TEXT = JSON.stringify(CRM);
  const contract = (text: string) => programOf({ 'plugins/crm/plugin.json': text }).services[0]?.contract;
  const original = contract(TEXT);

  it('is a digest', () => {
    expect(original).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('does not depend on the order of endpoints', () => {
    const services = CRM.api.services.map((service) => ({
      ...service,
      endpoints: service.endpoints.toReversed(),
    }));

    expect(contract(JSON.stringify({ ...CRM, api: { services } }))).toBe(original);
  });

  it.each([
    ['its version', '"version":"1.0.0"', '"version":"3.0.0"'],
    ['the name of a schema', 'Contact"', 'Person"'],
    ['wording', '"type":"string"', '"type":"string","description":"D"'],
    ['the name of a method', '"operationId":"all"', '"operationId":"every"'],
  ])('does not depend on %s', (_, from, to) => {
    expect(TEXT).toContain(from);
    expect(contract(TEXT.replaceAll(from, to))).toBe(original);
  });

  it.each([
    ['a schema', '"type":"string"', '"type":"integer"'],
    ['a method', '"method":"GET","path":"/contacts","', '"method":"PUT","path":"/contacts","'],
    ['a path', '"path":"/contacts","operationId"', '"path":"/people","operationId"'],
    ['an answer', '"returns":{"data"', '"returns":{"list"'],
  ])('depends on %s', (_, from, to) => {
    expect(TEXT).toContain(from);
    expect(contract(TEXT.replaceAll(from, to))).not.toBe(original);
  });
});
