/**
 * A plugin of the fault tests, as a process of its own: it keeps items, writes down in the file `JOURNAL` what it is told
 * to keep before it says so, and does what it is told over its channel (`Behaviour`).
 */
import { once } from 'node:events';
import { openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createGatewayClient, registerWithGateway } from '@plexica/sdk';
import type { Behaviour } from './behaviour.ts';

const {
  PLUGIN = 'plugin-items',
  VERSION = '1.0.0',
  JOURNAL = '/dev/null',
  PORT = '0',
  HOST = '127.0.0.1',
} = process.env;
// Others write to the same file.
const journal = openSync(JOURNAL, 'a');
const WELL = '{"status":"ok"}';

let behaviour: Behaviour = { answer: 'well', health: 'well', delayMs: 0, listening: true };
/** Answers by connection, and how many it may have; health checks have connections of their own. */
const answers = new WeakMap<Socket, { count: number; readonly most: number }>();
let connections = 0;
/** By their size. */
const paddings = new Map<number, Buffer>();

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '', 'http://plugin');
  if (url.pathname === '/health') return checkUp(response);
  if (url.pathname === '/info') return void response.writeHead(404).end();
  // Whatever becomes of the client, this process goes on.
  const body = await readBody(request).catch(() => undefined);
  if (body !== undefined) await answer(request, response, url, body);
});
// Longer than the gateway keeps its connections.
server.keepAliveTimeout = 30_000;
server.listen(Number(PORT), '127.0.0.1');
await once(server, 'listening');
// A listening TCP server has an address with a port.
const { port } = server.address() as AddressInfo;
console.log(`listening on ${port}`);

process.on(
  'message',
  async (message: { readonly number: number; readonly behaviour: Partial<Behaviour> }) => {
    behaviour = { ...behaviour, ...message.behaviour };
    await listen(behaviour.listening);
    process.send?.(message.number);
  },
);
// Whoever started it is gone.
process.once('disconnect', () => process.exit());

await registerWithGateway(createGatewayClient({ pluginId: PLUGIN }), {
  services: [
    {
      name: PLUGIN.replace('plugin-', ''),
      version: VERSION,
      endpoints: [
        { method: 'GET', path: '/items/:id' },
        { method: 'PUT', path: '/items/:id' },
      ],
    },
  ],
  baseUrl: `http://${HOST}:${port}`,
}).then(
  () => console.log('registered'),
  (error: Error) => console.log(`refused: ${error.message}`),
);

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, searchParams }: URL,
  body: string,
): Promise<void> {
  const id = pathname.split('/')[2] ?? '';
  const { socket } = request;
  const served = answers.get(socket) ?? { count: 0, most: 1 + (connections++ % 5) };
  answers.set(socket, served);
  served.count += 1;
  if (behaviour.delayMs > 0) await delay(behaviour.delayMs);
  // What is killed by a broken answer is killed before anything is kept: nobody is told that it was.
  if (behaviour.answer === 'reset-kept' && served.count > served.most) return void socket.resetAndDestroy();
  if (request.method === 'PUT') writeSync(journal, `${id}\n`);
  const text = textOf(id, body, Number(searchParams.get('size') ?? 0));
  const chunked = searchParams.get('framing') === 'chunked';
  const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${text.length}`;
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`;
  const begin = text.subarray(0, text.length / 2);
  // A whole chunk, so that nothing but the missing last one tells that more should come.
  const half = () => (chunked ? `${begin.length.toString(16)}\r\n${begin}\r\n` : String(begin));

  switch (behaviour.answer) {
    case 'well':
    case 'reset-kept':
      response.setHeader('content-type', 'application/json');
      if (!chunked) response.setHeader('content-length', text.length);
      response.write(begin);
      return void response.end(text.subarray(begin.length));
    case 'close-kept':
      response.setHeader('content-type', 'application/json').end(text);
      // Between at once and when the next request is on its way.
      return void setTimeout(() => socket.end(), served.count % 4);
    case 'hang':
      return;
    case 'garbage':
      return void socket.end('\u0000\u0001 220 mail.example ESMTP ready\r\n');
    case 'nothing':
      return void socket.destroy();
    case 'half-head':
      return void socket.end(head.slice(0, 30));
    case 'half-body':
      return void socket.end(head + half());
    case 'stalled-body':
      return void socket.write(head + half());
    case 'longer':
      return void socket.write(`${head}${text}HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil`);
    case 'die':
      socket.write(head + half());
      // Others are in the middle of theirs by then.
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);
  }
}

/** As bytes: large ones are copied, and not made anew. */
function textOf(id: string, put: string, size: number): Buffer {
  const padding = paddings.get(size) ?? Buffer.alloc(size, 'x');
  paddings.set(size, padding);
  const [front = '', back = ''] = JSON.stringify({ success: true, data: { id, put, padding: '|' } }).split(
    '|',
  );
  return Buffer.concat([Buffer.from(front), padding, Buffer.from(back)]);
}

function checkUp(response: ServerResponse): void {
  if (behaviour.health === 'hang') return;
  response
    .writeHead(behaviour.health === 'well' ? 200 : 503, { 'content-type': 'application/json' })
    .end(WELL);
}

async function listen(wanted: boolean): Promise<void> {
  if (wanted === server.listening) return;
  if (wanted) {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return;
  }
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
