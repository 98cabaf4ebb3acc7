import { describe, expect, it } from 'vitest';
import type { Program } from '../ir/program.ts';
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
