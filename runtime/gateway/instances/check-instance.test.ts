import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkInstance } from './check-instance.ts';
import type { CheckOutcome } from './health-state.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

describe('checkInstance', () => {
  it('asks the health path, and believes the report', async () => {
    const seen: (string | undefined)[] = [];
    const baseUrl = await serve((request, response) => {
      seen.push(request.url, request.headers.accept);
      response.end('{"status":"ok"}');
    });
    expect(await check(baseUrl, '/crm/healthz')).toEqual({ kind: 'well' });
    expect(seen).toEqual(['/crm/healthz', 'application/json']);
  });

  it.each<[string, RequestListener, Partial<CheckOutcome>]>([
    [
      'a 500',
      (_, response) => response.writeHead(500).end('{"status":"ok"}'),
      {
        reason: 'its health check answered 500',
        gone: false,
      },
    ],
    ['a 204', (_, response) => response.writeHead(204).end(), { reason: 'its health check answered 204' }],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      {
        reason: 'its health check answered 302, a redirect, which is not followed',
      },
    ],
    [
      'too much',
      (_, response) => response.end(`{"status":"ok","x":"${'x'.repeat(70_000)}"}`),
      {
        reason: 'its health answer is larger than 64 KiB',
      },
    ],
    [
      'no end of it',
      (_, response) => {
        response.write('{');
        const more = setInterval(() => response.write('x'.repeat(8_192)), 1);
        response.on('close', () => clearInterval(more));
      },
      { reason: 'its health answer is larger than 64 KiB' },
    ],
    ['a page', (_, response) => response.end('<html>'), { reason: 'its health answer is not JSON' }],
    [
      'a reset',
      (request) => request.socket.resetAndDestroy(),
      {
        reason: 'connection closed without an answer',
        gone: true,
      },
    ],
    [
      'a closed connection',
      (request) => request.socket.destroy(),
      {
        reason: 'connection closed without an answer',
        gone: true,
      },
    ],
  ])('%s is a failure, told in words', async (_name, answer, outcome) => {
    expect(await check(await serve(answer))).toMatchObject({ kind: 'failed', ...outcome });
  });

  it.each<[string, RequestListener]>([
    ['silence', () => {}],
    ['half an answer', (_, response) => response.write('{"status"')],
  ])('%s is a failure after a while', async (_name, answer) => {
    const outcome = await check(await serve(answer), '/health', 300);
    expect(outcome).toEqual({ kind: 'failed', reason: 'no answer within 300 ms', gone: false });
  });

  it('an answer that came in time, and waited for a gateway that stood still, is in time', async () => {
    const baseUrl = await serve((_, response) => response.end('{"status":"ok"}', () => standStill(600)));
    expect(await check(baseUrl, '/health', 300)).toEqual({ kind: 'well' });
  });

  it('no process is a failure that needs no second check', async () => {
    const baseUrl = await serve(() => {});
    await new Promise((done) => servers.pop()?.close(done));
    expect(await check(baseUrl)).toEqual({ kind: 'failed', reason: 'connection refused', gone: true });
    baseUrl.hostname = 'localhost';
    expect(await check(baseUrl)).toEqual({ kind: 'failed', reason: 'connection refused', gone: true });
  });

  it('another protocol is a failure', async () => {
    const server = createTcpServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9\r\n\r\n'));
    expect(await check(await listen(server))).toMatchObject({
      kind: 'failed',
      reason: 'its answer is not HTTP',
    });
  });

  it('an unknown host name is a failure', async () => {
    expect(await check(new URL('http://plugin.invalid'))).toEqual({
      kind: 'failed',
      reason: 'its host name cannot be resolved',
      gone: false,
    });
  });

  it('rejects when it is called off', async () => {
    const stop = new AbortController();
    const { origin } = await serve(() => stop.abort());
    const running = checkInstance({ origin, path: '/health', timeoutMs: 5_000, signal: stop.signal });
    await expect(running).rejects.toThrow('aborted');
  });
});

function check({ origin }: URL, path = '/health', timeoutMs = 10_000): Promise<CheckOutcome> {
  return checkInstance({ origin, path, timeoutMs, signal: new AbortController().signal });
}

/** The whole thread, in milliseconds. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function serve(answer: RequestListener): Promise<URL> {
  return listen(createHttpServer(answer));
}

async function listen(server: Server): Promise<URL> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return new URL(`http://127.0.0.1:${port}`);
}
