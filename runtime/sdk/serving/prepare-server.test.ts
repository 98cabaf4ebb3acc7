import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { prepareServer, serverOptions } from './prepare-server.ts';

const plugin = { id: 'plugin-crm', name: 'CRM', version: '1.2.3', services: [] };

/** A plugin with a route that fails as the test says. */
function testServer(failure: () => unknown = () => undefined) {
  const logged: string[] = [];
  const app = fastify({
    logger: { level: 'info', stream: { write: (line: string) => logged.push(line) } },
    ...serverOptions,
  });
  prepareServer(app, { plugin, parts: { events: () => 'running' } });
  const schema = {
    querystring: { type: 'object', properties: { take: { type: 'integer' } }, additionalProperties: false },
    body: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, 'a/b': { type: 'array', items: { enum: ['x', 'y'] } } },
      additionalProperties: false,
    },
  };
  app.post('/contacts', { schema }, async (request) => request.body);
  app.get('/fails', async () => {
    throw failure();
  });
  app.delete('/contacts/:id', async ({ body }) => ({ body: body ?? null }));
  return { app, logged };
}

async function post(payload: string, url = '/contacts', type = 'application/json') {
  const { app } = testServer();
  const reply = await app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });
  return [reply.statusCode, reply.json().error];
}

describe('a request that is not as its schema says', () => {
  it.each([
    ['{}', '/contacts', 'name is required'],
    ['{"name":"A","x":1}', '/contacts', 'x is not known'],
    ['{"name":"A","a/b":["z"]}', '/contacts', 'a/b.0 must be one of x, y'],
    ['[]', '/contacts', 'body must be object'],
    ['{"name":"A"}', '/contacts?take=x', 'query parameter take must be integer'],
    ['{"name":"A"}', '/contacts?limit=1', 'query parameter limit is not known'],
    ['{"name"', '/contacts', expect.stringContaining('JSON')],
    ['{"__proto__":{},"name":"A"}', '/contacts', expect.stringContaining('JSON')],
  ])('%s to %s is refused: %s', async (payload, url, error) => {
    expect(await post(payload, url)).toEqual([400, error]);
  });

  it('is refused in the same form where there is no route for it, or no such type', async () => {
    expect(await post('{}', '/nothing?a=1')).toEqual([404, 'there is no endpoint POST /nothing']);
    expect(await post('{}', '/%zz')).toEqual([400, "'/%zz' is not a valid url component"]);
    expect(await post('a=b', '/contacts', 'text/plain')).toEqual([415, 'Unsupported Media Type']);
  });
});

it('takes an empty body for none', async () => {
  const reply = await testServer().app.inject({
    method: 'DELETE',
    url: '/contacts/7',
    headers: { 'content-type': 'application/json' },
    payload: '',
  });
  expect([reply.statusCode, reply.json()]).toEqual([200, { body: null }]);
});

describe('an error of the plugin', () => {
  it.each([
    ['has a status of the client’s', { statusCode: 409 }, 409, 'secret', []],
    ['has none', {}, 500, 'internal server error', ['error']],
    ['has a status of the server’s', { statusCode: 503 }, 500, 'internal server error', ['error']],
    ['is for the caller', { statusCode: 503, expose: true }, 503, 'secret', ['warn']],
    ['is for nobody', { statusCode: 409, expose: false }, 500, 'internal server error', ['error']],
  ])('that %s', async (_, fields, status, error, levels) => {
    const { app, logged } = testServer(() => Object.assign(new Error('secret'), fields));
    const reply = await app.inject('/fails');
    expect([reply.statusCode, reply.json()]).toEqual([status, { success: false, error }]);
    const complaints = logged.map((line) => JSON.parse(line)).filter(({ level }) => level > 30);
    expect(complaints.map(({ level }) => (level === 40 ? 'warn' : 'error'))).toEqual(levels);
  });
});

it('says how it is and who it is, and leaves health checks out of its log', async () => {
  const { app, logged } = testServer();
  expect((await app.inject('/health')).json()).toMatchObject({
    status: 'ok',
    plugin: 'plugin-crm',
    services: { events: 'running' },
  });
  expect(logged).toEqual([]);
  expect((await app.inject('/info')).json()).toEqual(plugin);
});
