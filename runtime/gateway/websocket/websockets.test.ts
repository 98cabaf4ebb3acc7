import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openConnection, sendRaw } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';

/** A plugin that echoes on `/live`, and declines on `/closed`. */
interface LivePlugin {
  readonly url: URL;
  readonly upgrades: readonly IncomingMessage[];
  readonly sockets: WebSocketServer;
  close(): Promise<void>;
}

async function startLivePlugin(): Promise<LivePlugin> {
  const upgrades: IncomingMessage[] = [];
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  server.on('upgrade', (request, socket, head) => {
    upgrades.push(request);
    if (request.url?.startsWith('/closed')) {
      socket.end('HTTP/1.1 409 Conflict\r\ncontent-length: 6\r\nx-plexica-secret: 1\r\n\r\nclosed');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (socket) => {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    upgrades,
    sockets,
    async close() {
      for (const client of sockets.clients) client.terminate();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const LIVE = {
  ...CRM,
  routes: [
    ...CRM.routes,
    route('GET /live', { webSocket: true, services: ['crm.contacts'] }),
    route('GET /live/:id', { webSocket: true, permissions: ['contacts:write'] }),
    route('GET /closed', { webSocket: true }),
  ],
};
const WATCHER = {
  ...ANALYTICS,
  edges: ANALYTICS.edges.map((edge) => ({ ...edge, endpoints: ['GET /contacts', 'GET /live'] })),
};

let plugin: LivePlugin;
let gateway: TestGateway;

beforeEach(async () => {
  plugin = await startLivePlugin();
  gateway = await startGateway({ plugins: [LIVE, WATCHER], upstreams: { 'plugin-crm': plugin.url } });
});

afterEach(async () => {
  await gateway.close();
  await plugin.close();
});

async function open(
  path: string,
  token: string | undefined,
  headers: Record<string, string> = {},
  protocols: string[] = [],
) {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/api/plugin-gateway${path}`, protocols, {
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
  await once(socket, 'open');
  return socket;
}

/** The answer to an upgrade that did not come about. */
async function declined(path: string, token?: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/api/plugin-gateway${path}`, {
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
  socket.on('error', () => undefined);
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, headers: answer.headers, text };
}

describe('a WebSocket connection', () => {
  it('carries messages both ways, large and binary ones too', async () => {
    const socket = await open('/plugin-crm/live', await gateway.userToken());
    const large = Buffer.alloc(3 * 1024 * 1024, 7);
    for (const message of ['hello', large]) {
      socket.send(message);
      const [data] = (await once(socket, 'message')) as [Buffer];
      expect(Buffer.compare(data, Buffer.from(message))).toBe(0);
    }
    socket.close();
    await once(socket, 'close');
  });

  it('brings the plugin the verified identity, and nothing that the client says of itself', async () => {
    const socket = await open('/plugin-crm/live?room=1', await gateway.userToken(), {
      'x-tenant-id': 'evil',
      X_User_Id: 'evil',
      'x-caller-plugin-id': 'plugin-analytics',
    });
    const [upgrade] = plugin.upgrades;
    expect(upgrade?.url).toBe('/live?room=1');
    expect(upgrade?.headers).toMatchObject({
      'x-tenant-id': 'acme',
      'x-user-id': 'ada',
      upgrade: 'websocket',
    });
    expect(JSON.stringify(upgrade?.rawHeaders)).not.toMatch(/evil|x-caller|authorization/i);
    socket.terminate();
  });

  it('takes the token as a subprotocol, which the plugin does not see', async () => {
    const token = await gateway.userToken();
    const socket = await open('/plugin-crm/live', undefined, {}, [`plexica.bearer.${token}`, 'chat']);
    expect(socket.protocol).toBe('chat');
    expect(plugin.upgrades[0]?.headers['sec-websocket-protocol']).toBe('chat');
    expect(JSON.stringify(plugin.upgrades[0]?.rawHeaders)).not.toContain(token);
    socket.terminate();
  });

  it('ends on both sides when either ends', async () => {
    const token = await gateway.userToken();
    const first = await open('/plugin-crm/live', token);
    const [atPlugin] = plugin.sockets.clients;
    const plugged = atPlugin && once(atPlugin, 'close');
    first.terminate();
    await plugged;
    const second = await open('/plugin-crm/live', token);
    const closed = once(second, 'close');
    for (const client of plugin.sockets.clients) client.close(4001, 'enough');
    expect((await closed)[0]).toBe(4001);
  });

  it('ends when the gateway stops', async () => {
    const socket = await open('/plugin-crm/live', await gateway.userToken());
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    await gateway.close(5_000);
    await closed;
  });

  it('is open to a plugin on a declared edge, for the tenant of its context', async () => {
    const token = await gateway.pluginToken('plugin-analytics');
    const context = await gateway.context.contexts.issue(
      { tenantId: 'acme', permissions: [] },
      'plugin-analytics',
    );
    const socket = await open('/plugin-crm/live', token, { 'x-plexica-context': context });
    expect(plugin.upgrades[0]?.headers).toMatchObject({
      'x-tenant-id': 'acme',
      'x-caller-plugin-id': 'plugin-analytics',
    });
    socket.terminate();
  });
});

describe('a WebSocket connection is refused', () => {
  it('without a token, without the permission, without an edge', async () => {
    expect(await declined('/plugin-crm/live')).toMatchObject({ status: 401 });
    const weak = await gateway.userToken({ permissions: [] });
    const answer = await declined('/plugin-crm/live/1', weak);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ success: false, code: 'permission-missing' });
    const context = await gateway.context.contexts.issue(
      { tenantId: 'acme', permissions: [] },
      'plugin-analytics',
    );
    const analytics = await gateway.pluginToken('plugin-analytics');
    expect(await declined('/plugin-crm/live/1', analytics, { 'x-plexica-context': context })).toMatchObject({
      status: 403,
    });
    expect(plugin.upgrades).toHaveLength(0);
  });

  it.each([
    ['https://evil.example', 403],
    ['null', 403],
  ])('to a page of %s', async (origin, status) => {
    expect(await declined('/plugin-crm/live', await gateway.userToken(), { origin })).toMatchObject({
      status,
    });
    expect(plugin.upgrades).toHaveLength(0);
  });

  it.each(['/health', '/events/transport', '/nobody/live'])(
    'at %s, for only plugins take one',
    async (path) => {
      const answer = await declined(path, await gateway.userToken());
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
        404,
        { code: 'route-not-found', error: expect.stringContaining('WebSocket connections go to plugins') },
      ]);
      expect(answer.text).not.toContain('no endpoint of the gateway');
    },
  );

  it('but not to a page of its own origin', async () => {
    const origin = `http://127.0.0.1:${gateway.port}`;
    const socket = await open('/plugin-crm/live', await gateway.userToken(), { origin });
    socket.terminate();
  });

  it('where the endpoint is none, and a WebSocket endpoint is no other', async () => {
    const token = await gateway.userToken();
    expect(await declined('/plugin-crm/contacts', token)).toMatchObject({ status: 501 });
    const plain = await fetch(`${gateway.url}/plugin-crm/live`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  it('by the plugin, whose answer is passed on without what is not for clients', async () => {
    const answer = await declined('/plugin-crm/closed', await gateway.userToken());
    expect(answer).toMatchObject({ status: 409, text: 'closed' });
    expect(answer.headers).not.toHaveProperty('x-plexica-secret');
  });

  it('when the plugin is gone', async () => {
    await plugin.close();
    const { status } = await declined('/plugin-crm/live', await gateway.userToken());
    expect([502, 503]).toContain(status);
  });

  it('with a body, which would arrive as messages', async () => {
    const token = await gateway.userToken();
    const answer = await sendRaw(
      gateway.port,
      `GET /api/plugin-gateway/plugin-crm/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Length: 4\r\n\r\nevil`,
    );
    expect(answer).toContain('HTTP/1.1 400');
    expect(plugin.upgrades).toHaveLength(0);
  });

  it('not for an offer of h2c, which is ignored', async () => {
    const connection = await openConnection(gateway.port);
    connection.write(
      'GET /api/plugin-gateway/health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n' +
        'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
    );
    expect(await connection.until('\r\n\r\n')).toContain('HTTP/1.1 200');
    connection.socket.destroy();
  });
});
