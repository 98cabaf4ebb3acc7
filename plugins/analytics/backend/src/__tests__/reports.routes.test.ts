import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestOf, send, testApp } from './test-app.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const tenants = {
  demo: {
    contacts: Array.from({ length: 250 }, (_, index) => ({
      id: `contact-${index + 1}`,
      ...(index % 10 > 0 && { company: index < 100 ? 'Analytical Engines' : 'Bombe Works' }),
    })),
    deals: Array.from({ length: 101 }, (_, index) => ({
      id: `deal-${index + 1}`,
      currency: index === 0 ? 'USD' : 'EUR',
      amount: index === 0 ? 7 : 30,
      stage: index < 2 ? 'won' : 'lead',
    })),
  },
  acme: { contacts: [{ id: 'contact-1', company: 'Canyon Research' }], deals: [] },
};

let gateway: TestGateway;
let app: FastifyInstance;

beforeAll(async () => {
  gateway = await startTestGateway(tenants);
});

afterAll(async () => {
  await gateway.close();
});

beforeEach(() => {
  app = testApp({ gatewayUrl: gateway.url });
});

const demoReport = {
  id: 'report-1',
  createdAt: '2026-01-01T00:00:00.000Z',
  totalContacts: 250,
  contactsByCompany: [
    { company: 'Bombe Works', contacts: 135 },
    { company: 'Analytical Engines', contacts: 90 },
    { contacts: 25 },
  ],
  totalDeals: 101,
  openDeals: 99,
  totalAmounts: [
    { currency: 'EUR', amount: 3000 },
    { currency: 'USD', amount: 7 },
  ],
  wonAmounts: [
    { currency: 'EUR', amount: 30 },
    { currency: 'USD', amount: 7 },
  ],
  averageAmounts: [
    { currency: 'EUR', amount: 30 },
    { currency: 'USD', amount: 7 },
  ],
};

describe('POST /reports', () => {
  it('counts every page of contacts and deals', async () => {
    expect(await send(app, 'POST', '/reports')).toEqual({
      status: 201,
      body: { success: true, data: demoReport },
    });
  });

  it('asks for the health of the CRM first, and uses every edge that the manifest declares', async () => {
    const before = gateway.calls.length;
    await send(app, 'POST', '/reports', 'acme');
    const [first, ...others] = gateway.calls.slice(before);
    expect(first).toBe('GET /plugins/plugin-crm');
    expect(others.sort()).toEqual([
      'GET /plugin-crm/contacts?skip=0&take=100',
      'GET /plugin-crm/deals/pipeline/summary',
      'GET /plugin-crm/deals?skip=0&take=100',
    ]);
  });

  it.each([
    ['an empty JSON body', '', 'application/json', 201],
    ['a JSON body, which says nothing', '{}', 'application/json', 201],
    ['a body that is not JSON', 'report', 'text/plain', 415],
    ['malformed JSON', '{', 'application/json', 400],
  ])('answers %s', async (_, payload, contentType, status) => {
    const headers = { ...requestOf('acme'), 'content-type': contentType };
    const reply = await app.inject({ method: 'POST', url: '/reports', headers, payload });
    expect([reply.statusCode, reply.json()]).toMatchObject([status, { success: status === 201 }]);
  });

  it('calls nobody for a request without a tenant', async () => {
    const before = gateway.calls.length;
    const reply = await app.inject({ method: 'POST', url: '/reports' });
    expect([reply.statusCode, reply.json()]).toEqual([
      400,
      { success: false, error: 'Missing X-Tenant-ID header' },
    ]);
    expect(gateway.calls).toHaveLength(before);
  });
});

describe('reports', () => {
  it('are kept, newest first', async () => {
    await send(app, 'POST', '/reports');
    await send(app, 'POST', '/reports');
    expect(await send(app, 'GET', '/reports?take=1')).toEqual({
      status: 200,
      body: { success: true, data: [{ ...demoReport, id: 'report-2' }], total: 2 },
    });
    expect(await send(app, 'GET', '/reports/report-1')).toEqual({
      status: 200,
      body: { success: true, data: demoReport },
    });
  });

  it.each(['acme', '__proto__', 'constructor'])('of tenant demo are not for %s', async (other) => {
    await send(app, 'POST', '/reports');
    expect(await send(app, 'GET', '/reports', other)).toEqual({
      status: 200,
      body: { success: true, data: [], total: 0 },
    });
    expect(await send(app, 'GET', '/reports/report-1', other)).toEqual({
      status: 404,
      body: { success: false, error: 'there is no report "report-1"' },
    });
  });

  it('count the data of their own tenant', async () => {
    await send(app, 'POST', '/reports');
    expect(await send(app, 'POST', '/reports', 'acme')).toMatchObject({
      status: 201,
      body: { data: { id: 'report-1', totalContacts: 1, totalDeals: 0, totalAmounts: [] } },
    });
    expect(await send(app, 'GET', '/reports')).toMatchObject({ body: { data: [demoReport], total: 1 } });
  });

  it.each([
    ['/reports?take=0', 400, 'query parameter take must be >= 1'],
    ['/reports?skip=x', 400, 'query parameter skip must be integer'],
    ['/reports?limit=1', 400, 'query parameter limit is not known'],
    ['/reports/%zz', 400, "'/reports/%zz' is not a valid url component"],
    ['/report', 404, 'there is no endpoint GET /report'],
  ])('GET %s is refused in the response convention', async (url, status, error) => {
    expect(await send(app, 'GET', url)).toEqual({ status, body: { success: false, error } });
  });
});
