import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-connection.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { CHECKED, CHECKED_SCHEMAS } from './testing/crm-with-schemas.ts';

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
let reached: number;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({
    plugins: [CHECKED],
    upstreams: { 'plugin-crm': plugin.url },
    validation: { 'plugin-crm': CHECKED_SCHEMAS },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  reached = plugin.seen.length;
});

async function get(target: string, ...headers: string[]) {
  const answer = await sendRaw(
    gateway.port,
    [
      `GET /api/plugin-gateway/plugin-crm${target} HTTP/1.1`,
      'Host: x',
      'Connection: close',
      `Authorization: Bearer ${token}`,
      ...headers,
      '',
      '',
    ].join('\r\n'),
  );
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body };
}
const VERSION = 'X-API-Version: 2';

it('lets through what is as it should be, as it came', async () => {
  const target = '/contacts?take=7&tags=a&tags=%62&search=x+y';
  expect((await get(target, VERSION)).status).toBe(200);
  expect(plugin.seen.at(-1)?.target).toBe(target);
  expect(plugin.seen.at(-1)?.headers['x-api-version']).toBe('2');
});

it('lists everything that is wrong with path, query and headers at once, and forwards nothing', async () => {
  const { status, body } = await get(
    '/contacts?take=1000&tags=longer-one&serch=secret',
    'X-API-Version: two',
  );
  expect(status).toBe(400);
  expect(JSON.parse(body)).toEqual({
    success: false,
    code: 'request-invalid',
    error:
      'the request is not what GET /contacts of plugin-crm takes, in 4 places: ' +
      'the query parameter "serch" is not a known field',
    requestId: expect.any(String),
    details: [
      { in: 'querystring', path: '/serch', message: 'is not a known field' },
      { in: 'querystring', path: '/take', message: 'must be at most 100' },
      { in: 'querystring', path: '/tags/0', message: 'must have at most 5 characters' },
      { in: 'headers', path: '/x-api-version', message: 'must be an integer' },
    ],
  });
  expect(body).not.toMatch(/1000|longer|secret|two/);
  expect(plugin.seen).toHaveLength(reached);
});

it('does not ask for the headers that the gateway sets', async () => {
  expect((await get('/contacts')).body).toContain('the header \\"x-api-version\\" is required');
  expect((await get('/contacts', VERSION)).status).toBe(200);
  expect(plugin.seen.at(-1)?.headers['x-tenant-id']).toBe('acme');
});

it.each([
  ['in another case', ['x-API-version: 3'], 200],
  ['given twice', [VERSION, 'x-api-version: 3'], 400],
  ['that Connection drops on the way', ['Connection: x-api-version', VERSION], 400],
])('a header %s', async (_, headers, status) => {
  expect((await get('/contacts', ...headers)).status).toBe(status);
});

it.each([
  ['/contacts/ada%20b%C3%A9/notes/7', 200],
  ['/contacts/ada@/notes/7', 200],
  ['/contacts/ada/notes/seven', 400],
  ['/contacts/%25/notes/7', 400],
  ['/contacts/ADA/notes/7', 400],
])('reads the parameters of %s', async (target, status) => {
  expect((await get(target)).status).toBe(status);
});

it.each([
  '__proto__',
  '__proto__[take]',
  'constructor',
  'constructor.prototype.take',
  'toString',
  'hasOwnProperty',
])('takes %s in a query for a name like any other', async (name) => {
  const { status, body } = await get(`/contacts?${encodeURIComponent(name)}=7`, VERSION);
  expect([status, JSON.parse(body).details]).toEqual([
    400,
    [{ in: 'querystring', path: `/${name}`, message: 'is not a known field' }],
  ]);
  expect(Object.hasOwn(Object.prototype, 'take')).toBe(false);
});

it('takes a query of thousands of names without effort', async () => {
  const query = Array.from({ length: 2000 }, (_, at) => `n${at}`).join('&');
  const { status, body } = await get(`/contacts?${query}`, VERSION);
  expect([status, JSON.parse(body).details.length]).toEqual([400, 50]);
  expect(JSON.parse(body).error).toContain('in more than 50 places, of which as many are listed');
});

it('answers 500 where a schema cannot be compiled, logs why, and goes on', async () => {
  const ask = () =>
    fetch(`${gateway.url}/plugin-crm/broken`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });
  for (const answer of [await ask(), await ask()]) {
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'internal-error' }]);
  }
  expect(JSON.stringify(gateway.journal.lines)).toContain(
    'the schema \\"body\\" of PATCH /broken of plugin-crm cannot be compiled: it refers to',
  );
  expect(plugin.seen).toHaveLength(reached);
  expect((await get('/contacts', VERSION)).status).toBe(200);
});
