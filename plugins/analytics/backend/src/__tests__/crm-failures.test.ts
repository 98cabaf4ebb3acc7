import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestOf, send, testApp } from './test-app.ts';
import { type Answer, startTestGateway, type TestGateway } from './test-gateway.ts';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startTestGateway({ demo: { contacts: [], deals: [] } });
});

afterEach(async () => {
  await gateway.close();
});

const refusal = (status: number, code: string): Answer => ({
  status,
  body: { success: false, error: 'refused at http://10.0.0.1', code },
});

/** The address of a gateway that has ended. */
async function addressOfNobody(): Promise<string> {
  const gone = await startTestGateway();
  await gone.close();
  return gone.url;
}

describe('a report whose CRM data cannot be had', () => {
  it.each([
    [
      '/plugin-crm/contacts',
      refusal(503, 'plugin-unavailable'),
      503,
      'GET /contacts of crm.contacts is not available',
    ],
    ['/plugin-crm/deals', refusal(429, 'rate-limited'), 503, 'GET /deals of crm.deals is not available'],
    ['/plugin-crm/deals', refusal(504, 'plugin-timeout'), 504, 'GET /deals of crm.deals took too long'],
    [
      '/plugin-crm/deals/pipeline/summary',
      refusal(403, 'edge-not-declared'),
      502,
      'GET /deals/pipeline/summary of crm.deals could not be used (edge-not-declared)',
    ],
    ['/plugin-crm/contacts', refusal(401, 'bad-token'), 502, 'could not be used (bad-token)'],
    ['/plugin-crm/contacts', refusal(500, 'http-500'), 502, 'could not be used (http-500)'],
    ['/plugin-crm/contacts', { status: 200, body: { success: true, data: 'no list' } }, 502, '(bad-answer)'],
  ] as const)('%s answers %j: %i', async (path, answer, status, error) => {
    gateway.answer(path, answer);
    const app = testApp({ gatewayUrl: gateway.url });
    const answered = await send(app, 'POST', '/reports');
    expect(answered).toEqual({ status, body: { success: false, error: expect.stringContaining(error) } });
    expect(JSON.stringify(answered)).not.toContain('10.0.0.1');
    expect(await send(app, 'GET', '/reports')).toMatchObject({ status: 200, body: { total: 0 } });
  });

  it('is refused at once where the gateway calls the CRM unavailable', async () => {
    gateway.answer('/plugins/plugin-crm', {
      status: 200,
      body: { success: true, data: { state: 'UNAVAILABLE', reasons: ['http://10.0.0.1 is down'] } },
    });
    const app = testApp({ gatewayUrl: gateway.url });
    expect(await send(app, 'POST', '/reports')).toEqual({
      status: 503,
      body: {
        success: false,
        error: 'a report needs plugin-crm, which cannot be reached through the gateway now; try again later',
      },
    });
    expect(gateway.calls).toEqual(['GET /plugins/plugin-crm']);
  });

  it('is refused where the gateway is away', async () => {
    const app = testApp({ gatewayUrl: await addressOfNobody() });
    const answered = await send(app, 'POST', '/reports');
    expect(answered).toMatchObject({ status: 503, body: { error: expect.stringContaining('the gateway') } });
    expect(JSON.stringify(answered)).not.toContain('127.0.0.1');
  });

  it('is made where the CRM is degraded', async () => {
    const body = { success: true, data: { state: 'DEGRADED', reasons: ['slow'] } };
    gateway.answer('/plugins/plugin-crm', { status: 200, body });
    expect(await send(testApp({ gatewayUrl: gateway.url }), 'POST', '/reports')).toMatchObject({
      status: 201,
    });
  });

  it('is given up when its time is over', async () => {
    gateway.answer('/plugin-crm/deals', 'hang');
    const called = gateway.called('/plugin-crm/deals');
    const app = testApp({ gatewayUrl: gateway.url, reportTimeoutMs: 200 });
    expect(await send(app, 'POST', '/reports')).toEqual({
      status: 504,
      body: { success: false, error: expect.stringMatching(/took too long; try again later$/) },
    });
    await (await called).over;
  });

  it('gives up the other calls when one has failed', async () => {
    gateway.answer('/plugin-crm/contacts', 'hang');
    gateway.answer('/plugin-crm/deals', refusal(403, 'edge-not-declared'));
    const called = gateway.called('/plugin-crm/contacts');
    const answered = await send(testApp({ gatewayUrl: gateway.url }), 'POST', '/reports');
    expect(answered.status).toBe(502);
    await (await called).over;
  });

  it('is given up when nobody waits for it any more', async () => {
    gateway.answer('/plugin-crm/contacts', 'hang');
    const called = gateway.called('/plugin-crm/contacts');
    const app = testApp({ gatewayUrl: gateway.url });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const user = new AbortController();
    const request = fetch(`${url}/reports`, {
      method: 'POST',
      headers: requestOf('demo'),
      signal: user.signal,
    }).catch(() => 'gone');
    const { over } = await called;
    user.abort();
    await over;
    expect(await request).toBe('gone');
    await app.close();
  });
});

describe('GET /health', () => {
  it.each([
    ['HEALTHY', 'ok', 'healthy'],
    ['DEGRADED', 'degraded', 'degraded'],
    ['UNAVAILABLE', 'degraded', 'unavailable'],
  ])('shows a CRM that the gateway calls %s', async (state, status, crm) => {
    gateway.answer('/plugins/plugin-crm', {
      status: 200,
      body: { success: true, data: { state, reasons: [] } },
    });
    expect(await send(testApp({ gatewayUrl: gateway.url }), 'GET', '/health')).toMatchObject({
      status: 200,
      body: { status, plugin: 'plugin-analytics', version: '1.0.0', services: { crm } },
    });
  });

  it('says that it does not know where the gateway is away', async () => {
    expect(await send(testApp({ gatewayUrl: await addressOfNobody() }), 'GET', '/health')).toMatchObject({
      status: 200,
      body: { status: 'degraded', services: { crm: 'unknown: network' } },
    });
  });
});

it('GET /info names the services', async () => {
  expect(await send(testApp({ gatewayUrl: gateway.url }), 'GET', '/info')).toMatchObject({
    status: 200,
    body: { id: 'plugin-analytics', version: '1.0.0', services: [{ name: 'analytics.reports' }] },
  });
});
