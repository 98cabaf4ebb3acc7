import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

let plugin: TestPlugin;
let gateway: TestGateway;
beforeEach(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url } });
});
afterEach(async () => {
  await gateway.close();
  await plugin.close();
});

const head = (path: string) => `GET /api/plugin-gateway${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** Resolves when the plugin has got a request, with what answers it. */
function held(): Promise<() => void> {
  return new Promise((resolve) => {
    plugin.answer = (_, response) => resolve(() => response.end('done'));
  });
}

describe('a gateway that stops', () => {
  it('answers one more request on a kept connection, and says that it ends', async () => {
    const kept = await openConnection(gateway.port);
    kept.write(head('/ready'));
    expect(await kept.until('"ready"')).toMatch(/connection: keep-alive/i);

    const closing = gateway.close(5_000);
    kept.write(head('/ready'));
    const all = await kept.closed();
    const last = all.slice(all.lastIndexOf('HTTP/1.1'));
    expect(last).toMatch(/^HTTP\/1\.1 503 /);
    expect(last).toContain('"shutting-down"');
    expect(last).toMatch(/connection: close/i);
    await closing;
  });

  it('ends connections on which nothing comes any more', async () => {
    const kept = await openConnection(gateway.port);
    kept.write(head('/health'));
    await kept.until('"ok"');
    const before = performance.now();
    await gateway.close(60_000);
    expect(await kept.closed()).toContain('"ok"');
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('lets a request end that is under way, and its connection with it', async () => {
    const arrived = held();
    const client = await openConnection(gateway.port);
    client.write(head('/plugin-crm/public'));
    const finish = await arrived;
    const closing = gateway.close(10_000);
    await expect.poll(() => fetch(`${gateway.url}/health`).catch(() => 'refused')).toBe('refused');
    finish();
    const answer = await client.closed();
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('done');
    await closing;
  });

  it('cuts what is left when the time is over, or when it is asked again', async () => {
    const arrived = held();
    const client = await openConnection(gateway.port);
    client.write(head('/plugin-crm/public'));
    await arrived;
    const closing = gateway.close(60_000);
    await gateway.close(20);
    expect(await client.closed()).toBe('');
    await closing;
  });

  it('turns nobody away who was let in', { timeout: 20_000 }, async () => {
    plugin.answer = (_, response) => void setTimeout(() => response.end('done'), 5);
    const agents = Array.from({ length: 10 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    let closing: Promise<void> | undefined;
    let answered = 0;
    const problems: string[] = [];
    const clients = agents.map(async (agent) => {
      for (;;) {
        const outcome = await ask(agent).catch(
          (error: Error & { code?: string }) => error.code ?? error.message,
        );
        if (outcome === 'done') answered += 1;
        // Nobody listens any more: this client was not let in.
        else if (outcome === 'ECONNREFUSED' && closing !== undefined) return;
        else problems.push(outcome);
        if (answered === 200) closing = gateway.close(10_000);
      }
    });
    await Promise.all(clients);
    await closing;
    for (const agent of agents) agent.destroy();
    expect(problems).toEqual([]);
    expect(answered).toBeGreaterThanOrEqual(200);
  });
});

async function ask(agent: Agent): Promise<string> {
  const outgoing = request(`${gateway.url}/plugin-crm/public`, { agent }).end();
  const [answer]: IncomingMessage[] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of answer ?? []) text += String(chunk);
  return text;
}
