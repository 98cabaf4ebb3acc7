import type { PluginHookContext, PluginHookHandler, UserLogin, UserLogout } from '@plexica/types';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createGatewayClient } from './gateway-client.ts';
import { type HookDelivery, type HookHandlers, registerHookRoutes } from './hook-routes.ts';

interface Hooks {
  'user.login': UserLogin;
  'user.logout': UserLogout;
}

const plugin = { id: 'sample-analytics', hooks: ['user.login', 'user.logout'] } as const;
const login = { tenantId: 'acme', userId: 'ada', pluginId: plugin.id, data: { userId: 'ada' } };

/** A plugin that notes what its hooks are told; `failures` logins fail first. */
function testPlugin(failures = 0) {
  const told: [context: PluginHookContext, delivery: HookDelivery][] = [];
  let left = failures;
  const app = fastify();
  registerHookRoutes<Hooks>(app, plugin, {
    'user.login': async (context, delivery) => {
      left -= 1;
      if (left >= 0) throw new Error('not now');
      context.data.userId satisfies string;
      told.push([context, delivery]);
    },
    'user.logout': async () => undefined,
  });
  const deliver = async (
    body: unknown = login,
    headers: Record<string, string | undefined> = {},
    name = 'user.login',
  ) => {
    const all = {
      'x-tenant-id': 'acme',
      'x-plexica-context': 'signed',
      'x-plexica-event-id': 'e1',
      'content-type': 'application/json',
      ...headers,
    };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    const reply = await app.inject({
      method: 'POST',
      url: `/hooks/${name}`,
      headers: Object.fromEntries(given) as Record<string, string>, // without those that are undefined
      payload: JSON.stringify(body),
    });
    return reply.statusCode;
  };
  return { told, deliver };
}

describe('a hook', () => {
  it('is told what happened, and whose it is', async () => {
    const { told, deliver } = testPlugin();
    expect(await deliver()).toBe(200);
    expect(told).toMatchObject([[login, { eventId: 'e1' }]]);
  });

  it('may call others on behalf of the tenant', async () => {
    const { told, deliver } = testPlugin();
    await deliver();
    const [, delivery] = told[0] ?? [];
    const gateway = createGatewayClient({ pluginId: plugin.id });
    expect(delivery && gateway.forRequest(delivery).tenant).toMatchObject({
      tenantId: 'acme',
      context: 'signed',
    });
  });

  it('is told once of an event that is delivered again, also while it is handled', async () => {
    const { told, deliver } = testPlugin();
    expect(await Promise.all([deliver(), deliver()])).toEqual([200, 200]);
    expect(await deliver()).toBe(200);
    expect(told).toHaveLength(1);
    await deliver(login, { 'x-plexica-event-id': 'e2' });
    expect(told).toHaveLength(2);
  });

  it('is told again of what it failed to handle', async () => {
    const { told, deliver } = testPlugin(2);
    expect([await deliver(), await deliver(), await deliver(), await deliver()]).toEqual([
      500, 500, 200, 200,
    ]);
    expect(told).toHaveLength(1);
  });

  it('takes a handler of the guide', () => {
    const guided: PluginHookHandler = async ({ tenantId, userId, data }) => [tenantId, userId, data];
    const handlers: HookHandlers<Hooks> = { 'user.login': guided, 'user.logout': guided };
    expect(() => registerHookRoutes(fastify(), plugin, handlers)).not.toThrow();
  });
});

it.each([
  ['no tenant', 400, login, { 'x-tenant-id': undefined }],
  ['no context of the gateway', 403, login, { 'x-plexica-context': undefined }],
  ['no event id', 403, login, { 'x-plexica-event-id': undefined }],
  ['a body of another tenant', 403, { ...login, tenantId: 'globex' }, {}],
  ['a body for another plugin', 403, { ...login, pluginId: 'plugin-crm' }, {}],
  ['a body without data', 400, { ...login, data: undefined }, {}],
  ['data that is a list', 400, { ...login, data: [] }, {}],
  ['a user that is none', 400, { ...login, userId: 7 }, {}],
  ['null', 400, null, {}],
] as const)('refuses a delivery with %s', async (_, status, body, headers) => {
  const { told, deliver } = testPlugin();
  expect(await deliver(body, headers)).toBe(status);
  expect(told).toEqual([]);
});

it('serves declared hooks alone', async () => {
  expect(await testPlugin().deliver(login, {}, 'user.created')).toBe(404);
});

describe('registerHookRoutes refuses', () => {
  const handle = async () => undefined;

  it('a hook that nothing handles', () => {
    expect(() => registerHookRoutes(fastify(), plugin, { 'user.login': handle })).toThrow(
      'sample-analytics has the hook user.logout, and nothing handles it',
    );
  });

  it('a handler for no hook, with what to do', () => {
    const handlers = { 'user.login': handle, 'user.logout': handle, 'user.created': handle };
    expect(() => registerHookRoutes(fastify(), plugin, handlers)).toThrow(
      'user.created is handled and no hook of sample-analytics: add it to "backend.hooks"',
    );
  });

  it('nothing of a plugin without hooks', () => {
    expect(() => registerHookRoutes(fastify(), { id: 'plugin-crm' }, {})).not.toThrow();
  });
});
