import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startUpstream, type Upstream } from '../instances/testing/upstream.ts';
import { type ApiServer, startApiServer } from './testing/api-server.ts';
import { crmRegistration, PLUGINS } from './testing/crm.ts';

let upstream: Upstream;
let gateway: ApiServer;
let address: string;

beforeEach(async () => {
  upstream = await startUpstream();
  address = upstream.url.origin;
  gateway = await startApiServer({
    plugins: PLUGINS,
    upstreams: {
      'plugin-crm': { allowRegistration: ['http://127.0.0.1:*'] },
      'plugin-board': { allowRegistration: ['http://127.0.0.1:*'] },
    },
  });
});

afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

describe('POST /services/register', () => {
  it('adds an instance, which is checked and then gets traffic', async () => {
    const answer = await register(crmRegistration(address));
    expect(answer).toMatchObject({
      status: 201,
      body: {
        success: true,
        data: {
          pluginId: 'plugin-crm',
          baseUrl: address,
          token: expect.any(String),
          expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          heartbeat: {
            path: '/api/plugin-gateway/services/plugin-crm/heartbeat',
            intervalMs: 10_000,
            ttlMs: 30_000,
          },
        },
      },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    await gateway.journal.until('is HEALTHY');
    expect(gateway.instances.choose('plugin-crm')?.baseUrl.origin).toBe(address);
  });

  it('twice is one instance', async () => {
    expect((await register(crmRegistration(address))).status).toBe(201);
    expect((await register(crmRegistration(`${address}/`))).status).toBe(201);
    expect(gateway.instances.healthOf('plugin-crm').instances).toHaveLength(1);
  });

  it('lists every wrong field', async () => {
    expect(await register({ pluginId: 7, services: [{ name: 'crm.contacts' }] })).toMatchObject({
      status: 400,
      body: {
        success: false,
        code: 'registration-invalid',
        error:
          'this is not a registration: pluginId must be a string; services[0].version is missing; ' +
          'services[0].baseUrl is missing; services[0].endpoints is missing',
      },
    });
  });

  it('refuses a body that pollutes prototypes', async () => {
    const body = JSON.stringify(crmRegistration(address)).replace('{', '{"__proto__":{"polluted":1},');
    expect((await gateway.call('POST', '/services/register', { body })).status).toBe(400);
    expect({}).not.toHaveProperty('polluted');
  });

  it('says what to do about a plugin that was not compiled', async () => {
    expect(await register({ ...crmRegistration(address), pluginId: 'plugin-crn' })).toMatchObject({
      status: 404,
      body: {
        code: 'plugin-not-found',
        error:
          'there is no plugin "plugin-crn" in the route table; did you mean "plugin-crm"?; ' +
          'compile its plugin.json with `plexica build`, and deploy the result with the gateway',
      },
    });
  });

  it('lists every difference from the compiled contract', async () => {
    const registration = crmRegistration(address);
    const [contacts] = registration.services;
    const services = [{ ...contacts, version: '2.0.0', endpoints: [{ method: 'POST', path: '/contacts' }] }];
    expect(await register({ ...registration, services })).toMatchObject({
      status: 409,
      body: {
        code: 'registration-mismatch',
        error: expect.stringContaining(
          'crm.contacts has version 2.0.0, not 1.2.0; crm.contacts lacks GET /contacts; ' +
            'crm.contacts lacks GET /contacts/:id; crm.contacts has no POST /contacts; service crm.deals is missing. ',
        ),
      },
    });
    expect(gateway.instances.healthOf('plugin-crm').instances).toEqual([]);
  });

  it("refuses another plugin's services", async () => {
    const hijack = { ...crmRegistration(address), pluginId: 'plugin-board' };
    const token = await gateway.pluginToken('plugin-board');
    const answer = await gateway.call('POST', '/services/register', { token, body: hijack });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'registration-mismatch',
        error: expect.stringContaining('service crm.contacts belongs to plugin-crm, not to plugin-board'),
      },
    });
    expect(gateway.instances.healthOf('plugin-board').instances).toEqual([]);
  });

  it.each([
    'http://169.254.169.254',
    'http://2852039166/latest/meta-data',
    'http://0xa9fea9fe',
    'http://[::ffff:169.254.169.254]:3100',
    'http://[fd00:ec2::254]',
    'http://metadata.google.internal',
    'http://127.0.0.1.evil.example:3100',
    'http://0.0.0.0:3100',
    'https://127.0.0.1:3100',
    'http://10.0.0.1:3100',
  ])('refuses %s, which plexica.yaml does not allow', async (baseUrl) => {
    const answer = await register(crmRegistration(baseUrl));
    const { origin } = new URL(baseUrl);
    expect(answer).toMatchObject({
      status: 403,
      body: {
        code: 'registration-forbidden',
        error:
          `no instance of plugin-crm may be at ${origin}: allow it in plexica.yaml, in ` +
          `upstreams.plugin-crm.allowRegistration: ["${origin}"]`,
      },
    });
    expect(gateway.instances.healthOf('plugin-crm').instances).toEqual([]);
  });

  it('says which spelling of this machine is allowed', async () => {
    expect(await register(crmRegistration('http://localhost:3100'))).toMatchObject({
      status: 403,
      body: {
        error: expect.stringContaining(
          '["http://localhost:3100"]; or register as http://127.0.0.1:3100, which is allowed: ' +
            'localhost, 127.0.0.1 and [::1] are three addresses',
        ),
      },
    });
  });

  it('takes a plugin without services, which says by itself where it is', async () => {
    const body = { pluginId: 'plugin-board', baseUrl: address, services: [] };
    const answer = await register(body);
    expect(answer).toMatchObject({
      status: 201,
      body: { data: { pluginId: 'plugin-board', baseUrl: address } },
    });
    await gateway.journal.until('plugin-board-1 was UNKNOWN and is');
    expect(gateway.instances.choose('plugin-board')?.baseUrl.origin).toBe(address);

    const mismatch = await register({ ...body, pluginId: 'plugin-crm' });
    expect(mismatch).toMatchObject({
      status: 409,
      body: {
        error: expect.stringContaining('service crm.contacts is missing; service crm.deals is missing'),
      },
    });
    const token = await gateway.pluginToken('plugin-board');
    const path = `/services/plugin-board?baseUrl=${encodeURIComponent(address)}`;
    const gone = { status: 200, body: { data: { removed: 1, kept: 0 } } };
    expect(await gateway.call('DELETE', path, { token })).toMatchObject(gone);
    expect(await gateway.call('DELETE', path, { token })).toMatchObject({ status: 404 });
    expect(
      await gateway.call('DELETE', path, { token: await gateway.pluginToken('plugin-crm') }),
    ).toMatchObject({
      status: 403,
    });
  });

  it.each([
    'http://user:secret@127.0.0.1:3100',
    'http://127.0.0.1:3100@evil.example',
    'file:///etc/passwd',
    'http://127.0.0.1:3100/?q=1',
    'http://127.0.0.1:3100\\@evil.example',
    'http://localhost.:3100',
  ])('refuses %s, which is no base URL', async (baseUrl) => {
    const answer = await register(crmRegistration(baseUrl));
    expect(answer).toMatchObject({ status: 400, body: { code: 'registration-invalid' } });
  });

  it('asks a local process for no token, but a web page and a proxied request', async () => {
    for (const name of ['origin', 'x-forwarded-for', 'forwarded']) {
      const headers = { [name]: 'http://evil.example' };
      const answer = await gateway.call('POST', '/services/register', {
        body: crmRegistration(address),
        headers,
      });
      expect(answer).toMatchObject({ status: 401, body: { code: 'token-missing' } });
    }
    const token = await gateway.pluginToken('plugin-crm');
    const headers = { 'x-forwarded-for': '10.0.0.1' };
    const proved = { token, headers, body: crmRegistration(address) };
    expect((await gateway.call('POST', '/services/register', proved)).status).toBe(201);
  });

  it.each([
    ['a wrong token', async () => 'x.y.z', 401, 'token-invalid'],
    ['a user', async () => gateway.userToken, 403, 'plugin-token-required'],
    ['another plugin', () => gateway.pluginToken('plugin-analytics'), 403, 'registration-forbidden'],
  ])('does not take %s for the plugin', async (_name, tokenOf, status, code) => {
    const options = { token: await tokenOf(), body: crmRegistration(address) };
    expect(await gateway.call('POST', '/services/register', options)).toMatchObject({
      status,
      body: { code },
    });
  });
});

describe('POST /services/:pluginId/heartbeat', () => {
  it('keeps an instance with the token that registration gave', async () => {
    const token = tokenIn(await register(crmRegistration(address)));
    expect(await beat(token, { baseUrl: `${address}/` })).toMatchObject({
      status: 200,
      body: {
        success: true,
        data: { pluginId: 'plugin-crm', heartbeat: { intervalMs: 10_000, ttlMs: 30_000 } },
      },
    });
  });

  it('says when an instance is not known, so that it registers again', async () => {
    const token = await gateway.pluginToken('plugin-crm');
    expect(await beat(token, { baseUrl: address })).toMatchObject({
      status: 404,
      body: { code: 'instance-not-found' },
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no base URL', {}],
    ['a number', { baseUrl: 7 }],
    ['no URL', { baseUrl: 'crm' }],
  ])('refuses %s', async (_name, body) => {
    const token = await gateway.pluginToken('plugin-crm');
    expect(await beat(token, body)).toMatchObject({ status: 400, body: { code: 'registration-invalid' } });
  });

  it('is for the plugin alone', async () => {
    const body = { baseUrl: address };
    expect(await beat(undefined, body)).toMatchObject({ status: 401, body: { code: 'token-missing' } });
    expect(await beat(gateway.userToken, body)).toMatchObject({
      status: 403,
      body: { code: 'plugin-token-required' },
    });
    expect(await beat(await gateway.pluginToken('plugin-board'), body)).toMatchObject({
      status: 403,
      body: { code: 'registration-forbidden' },
    });
  });
});

describe('DELETE /services/:pluginId/:name', () => {
  it('takes all registered instances out, or the one that is named', async () => {
    const token = tokenIn(await register(crmRegistration(address)));
    await register(crmRegistration(`${address}/two`));
    await register(crmRegistration(`${address}/three`));
    const named = `?baseUrl=${encodeURIComponent(`${address}/two`)}`;
    expect(await take('crm.contacts', token, named)).toMatchObject({
      status: 200,
      body: {
        success: true,
        data: { pluginId: 'plugin-crm', removed: 1, kept: 0 },
        message: '1 registered instance was taken out',
      },
    });
    expect(await take('crm.deals', token)).toMatchObject({
      body: { data: { removed: 2, kept: 0 }, message: '2 registered instances were taken out' },
    });
    expect(await take('crm.deals', token)).toMatchObject({
      status: 404,
      body: { code: 'instance-not-found' },
    });
  });

  it('takes the base URL from a body too', async () => {
    const token = tokenIn(await register(crmRegistration(address)));
    const path = '/services/plugin-crm/crm.contacts';
    const elsewhere = { token, body: { baseUrl: 'http://127.0.0.1:1' } };
    expect((await gateway.call('DELETE', path, elsewhere)).status).toBe(404);
    expect((await gateway.call('DELETE', path, { token, body: { baseUrl: address } })).status).toBe(200);
  });

  it('knows plugins and services, and whose token it is', async () => {
    const token = await gateway.pluginToken('plugin-crm');
    expect(await take('crm.nothing', token)).toMatchObject({
      status: 404,
      body: { code: 'service-not-found' },
    });
    expect(await take('crm.contacts', await gateway.pluginToken('plugin-board'))).toMatchObject({
      status: 403,
    });
    expect(await take('crm.contacts', gateway.userToken)).toMatchObject({ status: 403 });
    expect(await take('crm.contacts', undefined)).toMatchObject({ status: 401 });
  });
});

it('an instance that plexica.yaml names is the same when it registers, and stays', async () => {
  await gateway.close();
  gateway = await startApiServer({ plugins: PLUGINS, upstreams: { 'plugin-crm': { urls: [upstream.url] } } });
  const token = tokenIn(await register(crmRegistration(address)));
  expect(gateway.instances.healthOf('plugin-crm').instances).toMatchObject([{ source: 'configured' }]);
  expect(await take('crm.contacts', token)).toMatchObject({
    status: 200,
    body: {
      data: { removed: 0, kept: 1 },
      message: '0 registered instances were taken out; 1 that plexica.yaml names stays',
    },
  });
  expect((await beat(token, { baseUrl: address })).status).toBe(200);
});

it('with another provider, a local process needs a token as well', async () => {
  await gateway.close();
  gateway = await startApiServer({
    plugins: PLUGINS,
    upstreams: { 'plugin-crm': { allowRegistration: ['http://127.0.0.1:*'] } },
    provider: {
      kind: 'jwt',
      issuer: 'i',
      audience: 'a',
      algorithms: ['HS256'],
      key: { kind: 'secret', secret: 's'.repeat(32) },
      clockTolerance: 0,
    },
  });
  expect(await register(crmRegistration(address))).toMatchObject({
    status: 401,
    body: { code: 'token-missing' },
  });
  const token = await gateway.pluginToken('plugin-crm');
  const proved = await gateway.call('POST', '/services/register', { token, body: crmRegistration(address) });
  expect(proved.status).toBe(201);
});

it('a pattern that cannot be read is told at the start', async () => {
  const upstreams = { 'plugin-crm': { allowRegistration: ['localhost'] } };
  await expect(startApiServer({ plugins: PLUGINS, upstreams })).rejects.toThrow(
    'upstreams.plugin-crm.allowRegistration: "localhost" is not an origin pattern',
  );
});

function register(body: unknown) {
  return gateway.call('POST', '/services/register', { body });
}

function beat(token: string | undefined, body: unknown) {
  return gateway.call('POST', '/services/plugin-crm/heartbeat', {
    body,
    ...(token === undefined ? {} : { token }),
  });
}

function take(service: string, token: string | undefined, query = '') {
  const path = `/services/plugin-crm/${service}${query}`;
  return gateway.call('DELETE', path, token === undefined ? {} : { token });
}

function tokenIn(answer: { body: unknown }): string {
  // The first test shows that the answer has it.
  return (answer.body as { data: { token: string } }).data.token;
}
