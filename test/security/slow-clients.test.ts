import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { configOf } from '../../runtime/gateway/config/testing/config-of.ts';
import { createJournal } from '../../runtime/gateway/instances/testing/journal.ts';
import { tableOf } from '../../runtime/gateway/instances/testing/route-table.ts';
import { createGateway } from '../../runtime/gateway/server.ts';
import { openConnection, type RawConnection } from '../../runtime/gateway/testing/raw-connection.ts';
import { echo } from '../../runtime/gateway/testing/start-plugin.ts';
import { readAnswers } from './support/read-answers.ts';
import { head, last, lastWith, startTarget, type Target } from './support/start-target.ts';

const MEBIBYTE = 1024 * 1024;
const JSON_TYPE = 'Content-Type: application/json';

let target: Target;
let clients: RawConnection[] = [];
beforeAll(async () => {
  target = await startTarget({ config: { maxBody: 4 * MEBIBYTE, timeout: 20_000 } });
});
afterAll(() => target.close());
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  clients = [];
  target.crm.answer = echo;
  await vi.waitFor(() =>
    expect(target.gateway.context.isolation.report().filter((one) => one.inFlight + one.waiting > 0)).toEqual(
      [],
    ),
  );
});

/** Connections that send this, and then stand still. */
async function open(count: number, text: string): Promise<readonly RawConnection[]> {
  const opened = await Promise.all(Array.from({ length: count }, () => openConnection(target.gateway.port)));
  for (const client of opened) client.write(text);
  clients.push(...opened);
  return opened;
}

/** That everybody else is served, and soon. */
async function expectOthersServed() {
  const before = performance.now();
  const { answer } = await target.ask(last('GET /plugin-crm/contacts', target.asAda));
  expect(answer.status).toBe(200);
  const reports = await target.send(lastWith('POST /plugin-analytics/reports', '{}', target.asAda));
  expect(reports).toMatchObject([{ status: 200, body: '{}' }]);
  const checked = lastWith('POST /plugin-crm/checked', '{"name":"Ada"}', target.asAda, JSON_TYPE);
  expect((await target.ask(checked)).answer.status).toBe(200);
  expect(performance.now() - before).toBeLessThan(2_000);
}

describe('sockets that are held open do not keep others out', () => {
  const beginning = head('GET /plugin-crm/contacts');
  it.each([
    ['without a word', ''],
    ['within the request line', beginning.slice(0, 20)],
    ['within a header', beginning.slice(0, -10)],
    ['before the last line', beginning.slice(0, -2)],
    ['before a body', head('POST /plugin-crm/open', 'Content-Length: 10')],
    ['before a chunk', head('POST /plugin-crm/open', 'Transfer-Encoding: chunked')],
    ['within a chunk', `${head('POST /plugin-crm/open', 'Transfer-Encoding: chunked')}ff\r\nabc`],
    [
      'within an upgrade',
      head('GET /plugin-crm/live', 'Connection: Upgrade', 'Upgrade: websocket').slice(0, -2),
    ],
    [
      'waiting to be told to go on',
      head('POST /plugin-crm/open', 'Content-Length: 10', 'Expect: 100-continue'),
    ],
  ])('%s', async (_, text) => {
    // The plugin has 256 places; those that wait for a body hold one.
    await open(text.startsWith('POST') ? 150 : 400, text);
    await expectOthersServed();
  });

  it('with most of a body that is to be checked', async () => {
    const size = 4 * MEBIBYTE;
    const text = head('POST /plugin-crm/checked', target.asAda, JSON_TYPE, `Content-Length: ${size}`);
    const opened = await open(24, text);
    const most = Buffer.alloc(size - 1, ' ');
    await Promise.all(opened.map(({ socket }) => new Promise((resolve) => socket.write(most, resolve))));
    // What is kept of them is bounded: those that have stood still for longest made room.
    const refusals = await vi.waitFor(async () => {
      const ended = opened.filter(({ socket }) => socket.destroyed || socket.readableEnded);
      expect(ended.length).toBeGreaterThanOrEqual(8);
      return Promise.all(ended.map(({ closed }) => closed()));
    }, 10_000);
    for (const refusal of refusals) {
      expect(readAnswers(refusal)).toMatchObject([{ status: 503, code: 'plugin-busy' }]);
    }
    expect(opened.length - refusals.length).toBeGreaterThan(0);
    await expectOthersServed();
  });
});

describe('a body is not waited for, and not kept, of somebody who may not send it', () => {
  it.each([
    ['POST /services/register', 401],
    ['POST /services/plugin-crm/heartbeat', 401],
    ['DELETE /services/plugin-crm/crm.contacts', 401],
    ['DELETE /services/plugin-crm', 401],
    ['POST /events', 401],
    ['POST /events/acknowledgements', 401],
    ['POST /context', 401],
    ['POST /admin/reload', 403],
    ['POST /plugin-crm/checked', 401],
    ['PUT /plugin-crm/checked/7', 401],
    ['POST /plugin-crm/internal', 405],
    ['POST /plugin-crm/nowhere', 404],
    ['POST /plugin-nowhere/x', 404],
    ['POST /../../outside', 400],
    ['PUT /health', 405],
    ['OPTIONS /plugin-crm/contacts', 405],
    ['PROPFIND /plugin-crm/contacts', 405],
  ])('%s: %i at once', async (endpoint, status) => {
    for (const framing of ['Content-Length: 1000000', 'Transfer-Encoding: chunked']) {
      const [client] = await open(1, head(endpoint, JSON_TYPE, framing));
      const received = await client?.until('\r\n\r\n');
      expect(Number(received?.slice(9, 12))).toBe(status);
    }
  });

  it('nor outside of everything', async () => {
    for (const path of ['/', '/nowhere', '/api', '/favicon.ico']) {
      const [client] = await open(
        1,
        head('POST /x', JSON_TYPE, 'Content-Length: 1000000').replace('/api/plugin-gateway/x', path),
      );
      expect(await client?.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /);
    }
  });
});

describe('what has no end is cut', () => {
  it.each<[string, number, string, string]>([
    ['a request line', 431, 'GET /api/plugin-gateway/plugin-crm/contacts/', 'a'.repeat(1024)],
    ['a query', 431, 'GET /api/plugin-gateway/plugin-crm/contacts?', 'a=1&'.repeat(256)],
    ['the name of a header', 431, head('GET /plugin-crm/public').slice(0, -2), 'a'.repeat(1024)],
    ['a header', 431, `${head('GET /plugin-crm/public').slice(0, -2)}X-A: `, 'a'.repeat(1024)],
    ['a row of headers', 431, head('GET /plugin-crm/public').slice(0, -2), 'a:\r\n'.repeat(256)],
    [
      'a row of cookies',
      431,
      head('GET /plugin-crm/public').slice(0, -2),
      `Cookie: ${'a=b; '.repeat(10)}\r\n`.repeat(8),
    ],
    [
      'a body in chunks',
      413,
      head('POST /plugin-crm/open', 'Transfer-Encoding: chunked'),
      `4000\r\n${'a'.repeat(0x4000)}\r\n`,
    ],
    ['a checked body in chunks', 413, '', `4000\r\n${' '.repeat(0x4000)}\r\n`],
    [
      'an extension of a chunk',
      413,
      `${head('POST /plugin-crm/open', 'Transfer-Encoding: chunked')}1;`,
      'a'.repeat(1024),
    ],
    [
      'a trailer',
      431,
      `${head('POST /plugin-crm/open', 'Transfer-Encoding: chunked')}1\r\nx\r\n0\r\nX-A: `,
      'a'.repeat(1024),
    ],
    [
      'a row of trailers',
      431,
      `${head('POST /plugin-crm/open', 'Transfer-Encoding: chunked')}1\r\nx\r\n0\r\n`,
      'a:\r\n'.repeat(256),
    ],
  ])('%s', async (_, status, begin, piece) => {
    const checked = head('POST /plugin-crm/checked', 'Transfer-Encoding: chunked', target.asAda, JSON_TYPE);
    target.crm.answer = (request) => void request.resume();
    const [client] = await open(1, begin === '' ? checked : begin);
    const { socket, closed } = client ?? expect.fail('there is no connection');
    let sent = 0;
    const writing = setInterval(() => {
      for (let round = 0; round < 64 && socket.writable && !socket.writableNeedDrain; round += 1) {
        socket.write(piece);
        sent += piece.length;
      }
    }, 1);
    const [answer, ...more] = readAnswers(await closed().finally(() => clearInterval(writing)));
    // An answer may be lost on the way to somebody who goes on sending.
    expect([answer?.status ?? status, more]).toEqual([status, []]);
    expect(sent).toBeLessThan(64 * MEBIBYTE);
  });

  it('but many empty lines before a request do no harm', async () => {
    const answers = await target.send(`${'\r\n'.repeat(10_000)}${last('GET /plugin-crm/public')}`);
    expect(answers).toMatchObject([{ status: 200 }]);
  });
});

it('a client that sends hundreds of requests at once, and goes, leaves nothing behind', async () => {
  target.crm.answer = () => undefined;
  const reached = target.crm.seen.length;
  const [client] = await open(1, head('GET /plugin-crm/contacts', target.asAda).repeat(600));
  await vi.waitFor(() => expect(target.crm.seen.length - reached).toBeGreaterThanOrEqual(256));
  expect(target.crm.seen.length - reached).toBeLessThanOrEqual(256);
  client?.socket.destroy();
  // `afterEach` sees that all places are given back.
  await once(client?.socket ?? expect.fail('there is no connection'), 'close');
  target.crm.answer = echo;
  await vi.waitFor(expectOthersServed);
});

it('a client that comes and goes, a thousand times, at every point of a request', async () => {
  const text = lastWith('POST /plugin-crm/checked', '{"name":"Ada"}', target.asAda, JSON_TYPE);
  for (let at = 0; at < 1_000; at += 50) {
    const opened = await Promise.all(Array.from({ length: 50 }, () => openConnection(target.gateway.port)));
    for (const [index, { socket, write }] of opened.entries()) {
      write(text.slice(0, (at + index) % text.length));
      if (index % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
  await expectOthersServed();
});

it('waits for nothing for ever', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-security-'));
  const { log } = createJournal();
  const gateway = await createGateway({ config: configOf(folder), table: tableOf([]), log });
  const { headersTimeout, requestTimeout, keepAliveTimeout, maxRequestsPerSocket } = gateway.app.server;
  expect({ headersTimeout, requestTimeout, keepAliveTimeout, maxRequestsPerSocket }).toEqual({
    headersTimeout: 30_000,
    requestTimeout: 300_000,
    keepAliveTimeout: 72_000,
    maxRequestsPerSocket: 0,
  });
  await gateway.close(0);
  await rm(folder, { recursive: true });
});
