import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openConnection } from '../../runtime/gateway/testing/raw-connection.ts';
import { CRM } from '../../runtime/gateway/testing/start-gateway.ts';
import { type RawPlugin, startRawPlugin } from '../../runtime/gateway/testing/start-raw-plugin.ts';
import { readAnswers } from './support/read-answers.ts';
import { ROUTES, startTarget, type Target } from './support/start-target.ts';
import { AGREED, upgrade } from './support/upgrade.ts';

let plugin: RawPlugin;
let target: Target;
beforeAll(async () => {
  plugin = await startRawPlugin();
  target = await startTarget({
    plugins: [{ ...CRM, routes: ROUTES }],
    upstreams: { 'plugin-crm': plugin.url },
    validation: {},
    config: { timeout: 300, circuit: { failures: 1_000_000, window: 1000, open: 1000 } },
  });
});
afterAll(async () => {
  await target.close();
  await plugin.close();
});
afterEach(async () => {
  await vi.waitFor(() =>
    expect(target.gateway.context.isolation.report().filter((one) => one.inFlight > 0)).toEqual([]),
  );
});

/** Has the plugin answer the next upgrade, and nothing that it takes for a further one. */
function reply(answer: (socket: Socket) => void) {
  plugin.reply = (socket, _request, number) => {
    if (number === 1) answer(socket);
  };
}

describe('a plugin that answers an upgrade', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['without an Upgrade', (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\nHELLO')],
    [
      'with another protocol',
      (socket) => socket.end('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nHELLO'),
    ],
    [
      'with two protocols',
      (socket) =>
        socket.end('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\nHELLO'),
    ],
    [
      'with a length, and chunks',
      (socket) => socket.end(`${AGREED}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nHELLO`),
    ],
    ['with a status that is none', (socket) => socket.end('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n')],
    ['with a status of old', (socket) => socket.end('HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n')],
    [
      'with two lengths',
      (socket) => socket.end('HTTP/1.1 403 No\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
    ],
    ['with something else', (socket) => socket.end('SSH-2.0-x\r\n')],
    [
      'with a control byte in a header',
      (socket) => socket.end('HTTP/1.1 403 No\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n'),
    ],
    ['by hanging up', (socket) => socket.destroy()],
  ])('%s: 502, and nothing of it', async (_, answer) => {
    reply(answer);
    const [only, ...more] = await target.send(upgrade(target.asAda));
    expect([only, more]).toMatchObject([{ status: 502, code: 'upstream-failed' }, []]);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['nothing', () => undefined],
    [
      'that it is about to, for ever',
      (socket) => {
        const announcing = setInterval(
          () => socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(50)),
          2,
        );
        socket.once('close', () => clearInterval(announcing));
      },
    ],
  ])('with %s: 504, when its time is over', async (_, answer) => {
    reply(answer);
    const [only] = await target.send(upgrade(target.asAda));
    expect(only).toMatchObject({ status: 504, code: 'upstream-timeout' });
  });

  it('cannot speak for the gateway, or for its origin', async () => {
    const spoken = [
      'Set-Cookie: a=b',
      'X-Plexica-Secret: 1',
      'X_Plexica_Secret: 1',
      'Access-Control-Allow-Origin: *',
      'Clear-Site-Data: "*"',
      'Strict-Transport-Security: max-age=1',
      'Service-Worker-Allowed: /',
      'X-Accel-Redirect: /secret',
      'X-Request-ID: spoken',
      'Connection: x-hop',
      'X-Hop: 1',
      'Keep-Alive: timeout=9',
      '__proto__: a',
      '__proto__: b',
      'constructor: a',
    ].join('\r\n');
    for (const begin of [AGREED, 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n']) {
      reply((socket) => socket.end(`${begin}${spoken}\r\n\r\n`));
      const [answer] = await target.send(upgrade(target.asAda, 'X-Request-ID: mine'));
      const names = answer?.headers.map(([name]) => name).sort();
      expect(names).toEqual(
        [
          'connection',
          'constructor',
          'x-content-type-options',
          'x-request-id',
          begin === AGREED ? 'upgrade' : 'content-length',
        ].sort(),
      );
      expect(answer?.headers).toContainEqual(['x-request-id', 'mine']);
    }
  });

  it('with bytes beyond ASCII has them passed on as they are', async () => {
    reply(
      (socket) =>
        void socket.end(
          Buffer.from('HTTP/1.1 403 No\r\nX-A: \xe9\xff\r\nContent-Length: 0\r\n\r\n', 'latin1'),
        ),
    );
    const [answer] = await target.send(upgrade(target.asAda));
    expect(answer?.headers).toContainEqual(['x-a', '\xe9\xff']);
  });

  it('with no, hears nothing of what the client sends for the tunnel', async () => {
    let heard = '';
    reply((socket) => {
      socket.write('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno');
      socket.on('data', (bytes) => {
        heard += bytes;
      });
    });
    const client = await openConnection(target.gateway.port);
    client.write(`${upgrade(target.asAda)}GET /internal HTTP/1.1\r\nHost: x\r\n\r\n`);
    await client.until('HTTP/1.1 403');
    client.write('GET /internal HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(readAnswers(await client.closed())).toMatchObject([{ status: 403, body: 'no' }]);
    expect(heard).toBe('');
  });

  it('with a no that never ends, holds nobody’s place for long', async () => {
    reply((socket) => void socket.write('HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n'));
    const client = await openConnection(target.gateway.port);
    client.write(upgrade(target.asAda));
    await client.until('no');
    // `afterEach` sees that the place is given back.
    await client.closed();
  });

  it('with a no that never ends, holds no place once the client is gone', async () => {
    reply((socket) => {
      const going = setInterval(() => socket.write('2\r\nno\r\n'), 50);
      socket.write('HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n');
      socket.once('close', () => clearInterval(going));
    });
    const client = await openConnection(target.gateway.port);
    client.write(upgrade(target.asAda));
    await client.until('no');
    client.socket.destroy();
  });
});
