import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pluginAnalyticsDependencies } from '@plexica/generated/clients/plugin-analytics';
import { crmContacts } from '@plexica/generated/clients/services/crm.contacts';
import { type BoundGatewayClient, createGatewayClient, ServiceCallError } from '@plexica/sdk';
import { expect, it, onTestFinished } from 'vitest';

const ada = { id: 'contact-1', name: 'Ada', email: 'ada@example.com', createdAt: '', updatedAt: '' };

it('has the endpoints on declared edges and no others, at run time too', async () => {
  const { crm } = pluginAnalyticsDependencies(await gateway(() => ({})));

  expect(Object.keys(crm)).toEqual(['contacts', 'deals']);
  expect(Object.keys(crm.contacts).sort()).toEqual(['health', 'list']);
  expect(Object.keys(crm.deals).sort()).toEqual(['getPipelineSummary', 'health', 'list']);
});

it('calls the plugin through the gateway, and takes the envelope off', async () => {
  const seen: string[] = [];
  const client = await gateway((request) => {
    seen.push(request);
    return { success: true, data: [ada], total: 7 };
  });

  const { items, total } = await pluginAnalyticsDependencies(client).crm.contacts.list({
    take: 1,
    search: 'a & b',
    skip: undefined,
  });

  expect({ items, total }).toEqual({ items: [ada], total: 7 });
  expect(seen).toEqual(['GET /api/plugin-gateway/plugin-crm/contacts?take=1&search=a+%26+b ']);
});

it('puts path parameters into the path and the body into the body', async () => {
  const seen: string[] = [];
  const client = await gateway((request) => {
    seen.push(request);
    return { success: true, data: ada };
  });

  await crmContacts(client).update({ id: 'a b?', body: { name: 'Ada', email: 'ada@example.com' } });

  expect(seen).toEqual([
    'PUT /api/plugin-gateway/plugin-crm/contacts/a%20b%3F {"name":"Ada","email":"ada@example.com"}',
  ]);
});

it('throws what the plugin says', async () => {
  const client = await gateway(() => undefined);

  const failure = await crmContacts(client)
    .get({ id: 'nobody' })
    .catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(ServiceCallError);
  expect(failure).toMatchObject({ status: 404, service: 'crm.contacts', endpoint: 'GET /contacts/:id' });
});

/** A client of a gateway on a real socket; `undefined` is answered with 404. */
async function gateway(answer: (request: string) => object | undefined): Promise<BoundGatewayClient> {
  const server = createServer(async (request, response) => {
    const found = answer(`${request.method} ${request.url} ${await text(request)}`);
    response.writeHead(found === undefined ? 404 : 200);
    response.end(JSON.stringify(found ?? { success: false, error: 'there is no such contact' }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const client = createGatewayClient({
    pluginId: 'plugin-analytics',
    gatewayUrl: `http://127.0.0.1:${port}`,
  });
  return client.forRequest({ headers: { 'x-tenant-id': 'acme' } });
}
