import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';
import { createGatewayClient } from './gateway-client.ts';
import { ServiceCallError } from './service-call-error.ts';
import { connect } from './testing/connect.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { startServer } from './testing/test-server.ts';

const INCOMING = {
  'x-plexica-context': 'signed',
  'x-request-id': 'r-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=1',
};

test('passes on who asks, and says who calls', async () => {
  const server = await startServer(() => ({ text: '1' }));
  const incoming = { ...INCOMING, cookie: 'session=1', authorization: "Bearer the-user's" };
  await connect(server, {}, incoming).call(contactsEndpoint());
  const headers = server.received[0]?.headers;
  expect(headers).toMatchObject({
    ...INCOMING,
    authorization: 'Bearer secret-token',
    accept: 'application/json',
  });
  expect(headers).not.toHaveProperty('cookie');
  expect(headers).not.toHaveProperty('x-tenant-id');
});

test('invents no header that the request did not have', async () => {
  const server = await startServer(() => ({ text: '1' }));
  await connect(server).call(contactsEndpoint());
  for (const name of Object.keys(INCOMING)) expect(server.received[0]?.headers).not.toHaveProperty(name);
});

test("an endpoint's own headers cannot replace the context or the token", async () => {
  const server = await startServer(() => ({ text: '1' }));
  const headers = {
    'X-Plexica-Context': 'forged',
    Authorization: 'Bearer forged',
    'X-Own': 1,
    'x-none': undefined,
  };
  await connect(server, {}, INCOMING).call(contactsEndpoint({ headers: true }), { headers });
  expect(server.received[0]?.headers).toMatchObject({
    ...INCOMING,
    authorization: 'Bearer secret-token',
    'x-own': '1',
  });
  expect(server.received[0]?.headers).not.toHaveProperty('x-none');
});

test('a renewed token counts for every client of the gateway, and can be taken back', async () => {
  const server = await startServer(() => ({ text: '1' }));
  const gateway = createGatewayClient({
    pluginId: 'plugin-analytics',
    gatewayUrl: server.url,
    token: 'first',
  });
  const bound = gateway.forRequest({ headers: { 'x-tenant-id': 'acme' } });
  await bound.call(contactsEndpoint());
  gateway.renewToken('second');
  await bound.call(contactsEndpoint());
  gateway.renewToken(undefined);
  await bound.call(contactsEndpoint());
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer first',
    'Bearer second',
    'Bearer first',
  ]);
});

test.for([
  {
    title: "the gateway's words",
    reply: {
      status: 403,
      json: { success: false, error: 'no edge', code: 'edge-not-declared', requestId: 'r-9' },
    },
    failure: { status: 403, code: 'edge-not-declared', requestId: 'r-9' },
    says: 'GET /contacts of crm.contacts: no edge (status 403)',
  },
  {
    title: 'an error without a code',
    reply: { status: 404, headers: { 'x-request-id': 'r-8' }, json: { success: false, error: 'no contact' } },
    failure: {
      status: 404,
      code: 'http-404',
      requestId: 'r-8',
      body: { success: false, error: 'no contact' },
    },
    says: 'GET /contacts of crm.contacts: no contact (status 404)',
  },
  {
    title: 'an error that is no JSON',
    reply: { status: 500, text: '<h1>oops</h1>' },
    failure: { status: 500, code: 'http-500', requestId: undefined, body: undefined },
    says: 'GET /contacts of crm.contacts: the call failed (status 500)',
  },
  {
    title: 'members of the wrong type',
    reply: { status: 400, json: { error: {}, code: 7, requestId: [] } },
    failure: { status: 400, code: 'http-400', requestId: undefined },
    says: 'GET /contacts of crm.contacts: the call failed (status 400)',
  },
])('fails with $title', async ({ reply, failure, says }) => {
  const server = await startServer(() => reply);
  const failed = await connect(server)
    .call(contactsEndpoint())
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ServiceCallError);
  expect(failed).toMatchObject({
    ...failure,
    message: says,
    service: 'crm.contacts',
    endpoint: 'GET /contacts',
  });
});

test.for([301, 302, 303, 307, 308])('does not follow a redirect with status %i', async (status) => {
  const elsewhere = await startServer(() => ({ text: '1' }));
  const server = await startServer(() => ({ status, headers: { location: elsewhere.url } }));
  await expect(connect(server).call(contactsEndpoint())).rejects.toMatchObject({
    code: 'bad-answer',
    status,
  });
  expect([server.received.length, elsewhere.received.length]).toEqual([1, 0]);
});

test.for(['/', '/behind', '/behind/'])('reaches a gateway at %s', async (base) => {
  const server = await startServer(() => ({ text: '1' }));
  await connect({ url: server.url + base }).call(contactsEndpoint());
  const prefix = base.replace(/\/$/, '');
  expect(server.received[0]?.url).toBe(`${prefix}/api/plugin-gateway/plugin-crm/contacts`);
});

test.for(['', 'localhost:4000', 'ftp://gateway', 'http://user@gateway', 'http://gateway?x=1'])(
  'refuses the gateway URL "%s"',
  (gatewayUrl) => {
    expect(() => createGatewayClient({ pluginId: 'plugin-analytics', gatewayUrl })).toThrow(TypeError);
  },
);

test('reads its environment, where empty counts as unset', () => {
  expect(readEnvironment({ GATEWAY_URL: 'http://gateway', PLEXICA_PLUGIN_TOKEN: 't' })).toEqual({
    gatewayUrl: 'http://gateway',
    token: 't',
  });
  expect(readEnvironment({ GATEWAY_URL: '', PLEXICA_PLUGIN_TOKEN: '' })).toEqual({
    gatewayUrl: undefined,
    token: undefined,
  });
});
