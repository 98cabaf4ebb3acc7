import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PluginProcess, startPlugin } from '../../../../../test/support/plugin-process.ts';
import { requestOf } from './test-app.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

describe('Analytics as a process', () => {
  let gateway: TestGateway;
  let analytics: PluginProcess | undefined;

  beforeEach(async () => {
    gateway = await startTestGateway({ demo: { contacts: [{ id: 'contact-1' }], deals: [] } });
  });

  afterEach(async () => {
    analytics?.signal('SIGKILL');
    await analytics?.ended;
    await gateway.close();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'registers, makes a report, and ends well on %s',
    async (signal) => {
      analytics = startPlugin('analytics', { PORT: '0', GATEWAY_URL: gateway.url });
      const [, url = ''] = await analytics.logged(
        /registered plugin-analytics at \S+ as (http:\/\/127\.0\.0\.1:\d+)/,
      );
      const reply = await fetch(`${url}/reports`, { method: 'POST', headers: requestOf('demo') });
      expect([reply.status, await reply.json()]).toMatchObject([201, { data: { totalContacts: 1 } }]);

      analytics.signal(signal);
      expect(await analytics.ended).toBe(0);
      const instance = new URLSearchParams({ baseUrl: url });
      expect(gateway.calls[0]).toBe('POST /services/register');
      expect(gateway.calls.at(-1)).toBe(`DELETE /services/plugin-analytics/analytics.reports?${instance}`);
    },
  );

  it('says which port is taken and how to choose another', async () => {
    const owner = createServer();
    await new Promise<void>((resolve) => owner.listen(0, '127.0.0.1', resolve));
    // A TCP server has an address with a port.
    const { port } = owner.address() as AddressInfo;
    analytics = startPlugin('analytics', { PORT: String(port), GATEWAY_URL: gateway.url });
    expect(await analytics.ended).toBe(1);
    expect(analytics.errors()).toMatch(
      new RegExp(
        `^plugin-analytics: port ${port} of 127.0.0.1 is taken: .* choose another with PORT=\\d+\\n$`,
      ),
    );
    owner.close();
  });
});
