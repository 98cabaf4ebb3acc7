import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { fetchKeySet } from './fetch-key-set.ts';

async function listen(answer: RequestListener): Promise<URL> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  // A listening TCP server has an address with a port.
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
}

it('reads the whole of an answer that comes in pieces', async () => {
  const uri = await listen((_, response) => {
    const bytes = Buffer.from('{"keys":["é"]}');
    response.write(bytes.subarray(0, 11));
    setImmediate(() => response.end(bytes.subarray(11)));
  });
  expect(await fetchKeySet(uri)).toBe('{"keys":["é"]}');
});

it.each<[string, RequestListener]>([
  ['never answers', () => undefined],
  [
    'goes on for ever, a little at a time',
    (_, response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    },
  ],
])('gives up on a provider that %s', async (_, answer) => {
  await expect(fetchKeySet(await listen(answer), 100)).rejects.toThrow('aborted due to timeout');
});

it('does not follow a redirect', async () => {
  let asked = 0;
  const elsewhere = await listen((_, response) => {
    asked += 1;
    response.end('{"keys":[]}');
  });
  const uri = await listen((_, response) => response.writeHead(307, { location: elsewhere.href }).end());
  await expect(fetchKeySet(uri)).rejects.toThrow('it answers with status 307');
  expect(asked).toBe(0);
});
