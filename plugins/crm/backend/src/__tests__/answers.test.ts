import { configSchema, plugin, routes } from '@plexica/generated/plugins/plugin-crm';
import { loadPluginConfig } from '@plexica/sdk';
import { describe, expect, it } from 'vitest';
import { buildApp } from '../app.ts';
import { noEvents } from '../events/crm-events.ts';
import { quietBus, testApp } from './test-app.ts';

const json = { 'content-type': 'application/json' };

describe('answers to what no route takes', () => {
  const send = testApp();

  it.each([
    ['malformed JSON', 'POST', '/contacts', { payload: '{"name"', headers: json }, 400, 'not valid JSON'],
    [
      'a key that would reach the prototype',
      'POST',
      '/contacts',
      { payload: '{"__proto__":{"x":1},"name":"A","email":"a@example.com"}', headers: json },
      400,
      'not valid JSON',
    ],
    ['an empty JSON body', 'POST', '/contacts', { payload: '', headers: json }, 400, 'body must be object'],
    [
      'text',
      'POST',
      '/contacts',
      { payload: 'ada', headers: { 'content-type': 'text/plain' } },
      415,
      'Unsupported Media Type',
    ],
    [
      'a form',
      'PUT',
      '/contacts/contact-1',
      { payload: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'Unsupported Media Type',
    ],
    ['no body', 'POST', '/contacts', {}, 400, 'body must be object'],
    ['an unknown path', 'GET', '/nope?secret=1', {}, 404, 'there is no endpoint GET /nope'],
    ['an unknown method', 'PATCH', '/contacts', {}, 404, 'there is no endpoint PATCH /contacts'],
    ['a path that cannot be decoded', 'GET', '/contacts/%zz', {}, 400, 'not a valid url component'],
    ['an endless id', 'GET', `/contacts/${'x'.repeat(101)}`, {}, 414, 'max param length'],
    [
      'a huge body',
      'POST',
      '/contacts',
      { payload: JSON.stringify({ name: 'x'.repeat(2 ** 20) }), headers: json },
      413,
      'too large',
    ],
    ['no tenant', 'GET', '/contacts', { tenant: '' }, 400, 'Missing X-Tenant-ID header'],
    ['no tenant to write for', 'DELETE', '/deals/deal-1', { tenant: ' ' }, 400, 'Missing X-Tenant-ID header'],
  ] as const)('%s', async (_, method, url, options, status, error) => {
    const answered = await send(method, url, options);
    expect(answered).toEqual({
      status,
      body: { success: false, error: expect.stringContaining(error) },
    });
  });

  it('an empty JSON body where none is wanted is no body', async () => {
    const answered = await send('DELETE', '/contacts/contact-1', { payload: '', headers: json });
    expect(answered.status).toBe(404);
  });

  it('say nothing of what broke inside', async () => {
    const app = buildApp({
      config: loadPluginConfig(configSchema, {}),
      demoData: false,
      now: () => {
        throw new Error('secret');
      },
      bus: quietBus,
      events: noEvents,
    });
    const reply = await app.inject({
      method: 'POST',
      url: '/contacts',
      headers: { 'x-tenant-id': 'demo' },
      payload: { name: 'Ada', email: 'ada@example.com' },
    });
    expect([reply.statusCode, reply.json()]).toEqual([
      500,
      { success: false, error: 'internal server error' },
    ]);
  });
});

describe('what the platform asks a plugin', () => {
  const send = testApp();

  it('answers /health and /info', async () => {
    expect(await send('GET', '/health')).toMatchObject({
      status: 200,
      body: { status: 'ok', plugin: 'plugin-crm', version: '1.0.0' },
    });
    expect(await send('GET', '/info')).toEqual({
      status: 200,
      body: { id: plugin.id, name: plugin.name, version: plugin.version, services: plugin.services },
    });
  });

  it.each(Object.values(routes))('serves $method $url, as its manifest says', async ({ method, url }) => {
    // Only a route reads the tenant; an unknown path would be 404.
    const answered = await send(method, url.replace(':id', 'x'), {
      tenant: '',
      ...(method === 'POST' || method === 'PUT' ? { body: {} } : {}),
    });
    expect(answered.status).toBe(400);
  });
});
