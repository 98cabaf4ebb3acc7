import type { RegisteredService, RouteTablePlugin } from '@plexica/types';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../instances/testing/route-table.ts';
import { contractDifferences } from './contract-differences.ts';

const CONTRACT = `sha256:${'0'.repeat(64)}`;
const CONTACTS: RegisteredService = {
  name: 'crm.contacts',
  version: '1.2.0',
  baseUrl: 'http://localhost:3100',
  endpoints: [
    { method: 'GET', path: '/contacts' },
    { method: 'GET', path: '/contacts/:id' },
  ],
};
const DEALS: RegisteredService = {
  ...CONTACTS,
  name: 'crm.deals',
  endpoints: [{ method: 'GET', path: '/deals' }],
};

const table = tableOf([
  { id: 'plugin-crm', services: [compiled(CONTACTS), compiled(DEALS)] },
  { id: 'plugin-mail', services: [compiled({ ...CONTACTS, name: 'mail.boxes' })] },
]);

describe('contractDifferences', () => {
  it.each<[string, RegisteredService[], string[]]>([
    ['the same', [CONTACTS, DEALS], []],
    ['in another order', [DEALS, { ...CONTACTS, endpoints: CONTACTS.endpoints.toReversed() }], []],
    [
      'other names of parameters',
      [
        {
          ...CONTACTS,
          endpoints: [
            { method: 'GET', path: '/contacts' },
            { method: 'GET', path: '/contacts/:contactId' },
          ],
        },
        DEALS,
      ],
      [],
    ],
    [
      'another version',
      [{ ...CONTACTS, version: '2.0.0' }, DEALS],
      ['crm.contacts has version 2.0.0, not 1.2.0'],
    ],
    [
      'a missing endpoint',
      [{ ...CONTACTS, endpoints: CONTACTS.endpoints.slice(1) }, DEALS],
      ['crm.contacts lacks GET /contacts'],
    ],
    [
      'an endpoint too many',
      [
        { ...CONTACTS, endpoints: [...CONTACTS.endpoints, { method: 'DELETE', path: '/contacts/:id' }] },
        DEALS,
      ],
      ['crm.contacts has no DELETE /contacts/:id'],
    ],
    ['a missing service', [CONTACTS], ['service crm.deals is missing']],
    [
      'a service of nobody',
      [CONTACTS, DEALS, { ...DEALS, name: 'crm.notes' }],
      ['plugin-crm has no service crm.notes'],
    ],
    [
      'a service of another plugin',
      [CONTACTS, DEALS, { ...DEALS, name: 'mail.boxes' }],
      ['service mail.boxes belongs to plugin-mail, not to plugin-crm'],
    ],
    ['a service twice', [CONTACTS, DEALS, DEALS], ['crm.deals is registered twice']],
    [
      'a service named as a property of every object',
      [CONTACTS, DEALS, { ...DEALS, name: '__proto__' }],
      ['plugin-crm has no service __proto__'],
    ],
    [
      'all at once',
      [{ ...CONTACTS, version: '2.0.0', endpoints: [{ method: 'PUT', path: '/contacts' }] }],
      [
        'crm.contacts has version 2.0.0, not 1.2.0',
        'crm.contacts lacks GET /contacts',
        'crm.contacts lacks GET /contacts/:id',
        'crm.contacts has no PUT /contacts',
        'service crm.deals is missing',
      ],
    ],
  ])('%s', (_name, registered, expected) => {
    const plugin = table.plugins.get('plugin-crm');
    if (plugin === undefined) throw new Error('no such plugin');
    expect(contractDifferences(table, plugin, registered)).toEqual(expected);
  });
});

function compiled({ name, version, endpoints }: RegisteredService): RouteTablePlugin['services'][number] {
  return {
    name,
    version,
    contract: CONTRACT,
    endpoints: endpoints.map(({ method, path }) => `${method} ${path}`),
  };
}
