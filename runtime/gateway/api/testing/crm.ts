import type { RouteTablePlugin } from '@plexica/types';

const CONTRACT = `sha256:${'0'.repeat(64)}`;

/** A plugin with two services, one that calls it, and one that needs the second. */
export const PLUGINS: readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[] = [
  {
    id: 'plugin-crm',
    name: 'CRM',
    services: [
      {
        name: 'crm.contacts',
        version: '1.2.0',
        contract: CONTRACT,
        endpoints: ['GET /contacts', 'GET /contacts/:id'],
      },
      { name: 'crm.deals', version: '1.0.0', contract: CONTRACT, endpoints: ['GET /deals'] },
    ],
  },
  {
    id: 'plugin-analytics',
    name: 'Analytics',
    requires: ['plugin-crm'],
    edges: [
      {
        plugin: 'plugin-crm',
        service: 'crm.contacts',
        version: '^1.0.0',
        required: true,
        contract: CONTRACT,
        endpoints: ['GET /contacts'],
      },
    ],
  },
  { id: 'plugin-board', name: 'Board', requires: ['plugin-analytics'] },
];

/** The body with which an instance of the CRM registers. */
export function crmRegistration(baseUrl: string) {
  return {
    pluginId: 'plugin-crm',
    services: [
      {
        name: 'crm.contacts',
        version: '1.2.0',
        baseUrl,
        endpoints: [
          { method: 'GET', path: '/contacts' },
          { method: 'GET', path: '/contacts/:id' },
        ],
      },
      { name: 'crm.deals', version: '1.0.0', baseUrl, endpoints: [{ method: 'GET', path: '/deals' }] },
    ],
  };
}
