import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import fastify from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGatewayClient } from '../gateway-client.ts';
import { startServer } from '../testing/test-server.ts';
import { type ServedEvents, servePlugin } from './serve-plugin.ts';

/** A plugin that is served, beside a gateway that notes what it is asked, and everything else that happens. */
async function serve({ events, status = 200 }: { events?: Partial<ServedEvents>; status?: number } = {}) {
  const happened: string[] = [];
  const gatewayServer = await startServer(({ method, url }) => {
    const [path] = url.split('?');
    happened.push(`${method} ${path}`);
    const data = { heartbeat: { intervalMs: 60_000 } };
    return { status, json: { success: status === 200, data, error: 'no', code: 'no' } };
  });
  const app = fastify();
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  app.get('/slow', () => {
    begun.resolve();
    return answer.promise;
  });
  app.addHook('onClose', async () => void happened.push('app closed'));
  const gateway = createGatewayClient({ pluginId: 'plugin-crm', gatewayUrl: gatewayServer.url });
  const failures: string[] = [];
  const settings = { host: '127.0.0.1', port: 0, instanceUrl: undefined };
  const served: ServedEvents = {
    start: async () => void happened.push('events started'),
    stop: async () => void happened.push('events stopped'),
    ...events,
  };
  await servePlugin({ app, settings, gateway, services: [], events: served }, ({ message }) =>
    failures.push(message),
  );
  onTestFinished(async () => void (await app.close()));
  return { app, happened, failures, begun, answer };
}

const REGISTER = 'POST /api/plugin-gateway/services/register';

describe('servePlugin', () => {
  it('begins with events once it is registered, and ends with them last', async () => {
    const { app, happened, failures } = await serve();
    await vi.waitUntil(() => happened.includes('events started'));
    expect(happened).toEqual([REGISTER, 'events started']);
    await app.close();
    expect(happened.slice(2)).toEqual([
      'DELETE /api/plugin-gateway/services/plugin-crm',
      'events stopped',
      'app closed',
    ]);
    expect(failures).toEqual([]);
  });

  it('tells why events cannot begin', async () => {
    const start = () => Promise.reject(new Error('nothing handles crm.contact.created'));
    const { failures } = await serve({ events: { start } });
    await vi.waitUntil(() => failures.length === 1);
    expect(failures).toEqual(['nothing handles crm.contact.created']);
  });

  it('begins with events also where the gateway refuses to register it', async () => {
    const { happened } = await serve({ status: 403 });
    await vi.waitUntil(() => happened.includes('events started'));
  });

  it('begins with nothing when it is closed first', async () => {
    const { app, happened } = await serve({ status: 503 });
    await vi.waitUntil(() => happened.length > 0);
    await app.close();
    expect(happened).not.toContain('events started');
    expect(happened).toContain('events stopped');
  });

  it('ends once its last answer is sent, though connections are kept', async () => {
    const { app, begun, answer } = await serve();
    const agent = new Agent({ keepAlive: true });
    const request = get(`${app.listeningOrigin}/slow`, { agent });
    await begun.promise;
    const closed = app.close();
    await vi.waitUntil(() => !app.server.listening);
    answer.resolve('late');
    const [response]: IncomingMessage[] = await once(request, 'response');
    expect((await response?.toArray())?.join('')).toBe('late');
    await closed;
    agent.destroy();
  }, 5_000);
});
