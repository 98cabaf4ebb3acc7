import type { Endpoint } from '../endpoint.ts';

/** An endpoint of the service `crm.contacts`: `GET /contacts`, idempotent, its answer taken whole, unless stated. */
export function contactsEndpoint(stated: Partial<Endpoint> = {}): Endpoint {
  return {
    pluginId: 'plugin-crm',
    service: 'crm.contacts',
    method: 'GET',
    path: '/contacts',
    answer: 'whole',
    idempotent: true,
    ...stated,
  };
}
