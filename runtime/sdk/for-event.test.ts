import { expect, test } from 'vitest';
import { createGatewayClient } from './gateway-client.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { instantTiming } from './testing/manual-timing.ts';
import { type Received, type Reply, startServer } from './testing/test-server.ts';

const EVENT = {
  name: 'crm.contact.created',
  tenantId: 'acme',
  userId: 'ada',
  correlationId: 'req-1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'vendor=1, other=2',
  tenantContext: 'old',
};

async function start(exchange: (count: number) => Reply = (count) => granted(`fresh-${count}`)) {
  let count = 0;
  const server = await startServer(({ url }) => {
    if (!url.endsWith('/context')) return { text: '1' };
    count += 1;
    return exchange(count);
  });
  let time = 0;
  const timing = { ...instantTiming(), now: () => time };
  const gateway = createGatewayClient({
    pluginId: 'plugin-analytics',
    gatewayUrl: server.url,
    token: 't',
    timing,
  });
  const sent = (end: string): readonly Received[] => server.received.filter(({ url }) => url.endsWith(end));
  return { gateway, sent, advance: (ms: number) => (time += ms) };
}

function granted(context: string): Reply {
  return { json: { success: true, data: { context, expiresInMs: 40_000 } } };
}

test('exchanges the context of an event when its handler first calls, and passes it on', async () => {
  const { gateway, sent } = await start();
  const bound = gateway.forEvent(EVENT);
  expect(bound.tenant).toMatchObject({ tenantId: 'acme', userId: 'ada', requestId: 'req-1' });
  expect(sent('/context')).toEqual([]);
  await bound.call(contactsEndpoint());
  await bound.health('plugin-crm');

  expect(sent('/context')).toHaveLength(1);
  expect(sent('/context')[0]).toMatchObject({
    method: 'POST',
    headers: { authorization: 'Bearer t' },
    body: JSON.stringify({ event: EVENT.name, context: 'old' }),
  });
  expect(sent('/contacts')[0]?.headers).toMatchObject({
    'x-plexica-context': 'fresh-1',
    'x-request-id': 'req-1',
    traceparent: EVENT.traceparent,
    tracestate: EVENT.tracestate,
  });
});

test('asks once for all handlers of one context, and again before it ends', async () => {
  const { gateway, sent, advance } = await start();
  const call = () => gateway.forEvent(EVENT).call(contactsEndpoint());
  await Promise.all([call(), call(), call()]);
  advance(29_000);
  await call();
  expect(sent('/context')).toHaveLength(1);
  advance(2_000);
  await call();
  expect(sent('/context')).toHaveLength(2);
  expect(sent('/contacts').at(-1)?.headers['x-plexica-context']).toBe('fresh-2');
  await gateway.forEvent({ ...EVENT, name: 'crm.deal.won' }).call(contactsEndpoint());
  expect(sent('/context')).toHaveLength(3);
});

test('says why the gateway refuses, and asks again the next time', async () => {
  const error = 'the context was given to somebody else';
  const { gateway, sent } = await start((count) =>
    count === 1
      ? { status: 403, json: { success: false, error, code: 'context-refused' } }
      : granted('fresh'),
  );
  const call = () => gateway.forEvent(EVENT).call(contactsEndpoint());
  await expect(call()).rejects.toMatchObject({ code: 'context-refused', status: 403 });
  expect(sent('/contacts')).toEqual([]);
  await call();
  expect(sent('/contacts')).toHaveLength(1);
});

test('asks again while the gateway is away', async () => {
  const { gateway, sent } = await start((count) =>
    count < 3 ? { status: 503, text: '' } : granted('fresh'),
  );
  await gateway.forEvent(EVENT).call(contactsEndpoint());
  expect(sent('/context')).toHaveLength(3);
});

test('does not take an answer for a context that is none', async () => {
  const { gateway } = await start(() => ({ json: { success: true, data: {} } }));
  await expect(gateway.forEvent(EVENT).call(contactsEndpoint())).rejects.toMatchObject({
    code: 'bad-answer',
  });
});

test('names the tenant of an event that has no context, as work that belongs to no request does', async () => {
  const { gateway, sent } = await start();
  const { tenantContext: _, ...event } = EVENT;
  await gateway.forEvent(event).call(contactsEndpoint());
  expect(sent('/context')).toEqual([]);
  expect(sent('/contacts')[0]?.headers).toMatchObject({
    'x-plexica-act-as-tenant': 'acme',
    'x-request-id': 'req-1',
  });
  expect(sent('/contacts')[0]?.headers).not.toHaveProperty('x-plexica-context');
});

test('leaves out what cannot be a header', async () => {
  const { gateway, sent } = await start();
  await gateway.forEvent({ ...EVENT, correlationId: 'a\r\nb: c', traceparent: 'ü' }).call(contactsEndpoint());
  expect(sent('/contacts')[0]?.headers).not.toHaveProperty('x-request-id');
  expect(sent('/contacts')[0]?.headers).not.toHaveProperty('traceparent');
  expect(sent('/contacts')[0]?.headers).not.toHaveProperty('tracestate');
});
