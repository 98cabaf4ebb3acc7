import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPlugin, type TestPlugin } from '../../runtime/gateway/testing/start-plugin.ts';
import { register, registrationOf } from './support/register.ts';
import { head, last, lastWith, startTarget, type Target } from './support/start-target.ts';

let evil: TestPlugin;
let target: Target;
let asCrm: string;
beforeAll(async () => {
  evil = await startPlugin();
  const allowRegistration = ['http://127.0.0.1:*'];
  target = await startTarget({
    settings: { 'plugin-crm': { allowRegistration }, 'plugin-analytics': { allowRegistration } },
  });
  const token = await target.gateway.pluginToken('plugin-crm');
  target.keepSecret(token);
  asCrm = `Authorization: Bearer ${token}`;
});
afterAll(async () => {
  // Nobody was ever led there.
  expect(evil.connections).toBe(0);
  await target.close();
  await evil.close();
});

const instances = () =>
  ['plugin-crm', 'plugin-analytics'].map(
    (id) => target.gateway.context.instances.healthOf(id).instances.length,
  );
const JSON_TYPE = 'Content-Type: application/json';

describe('what belongs to CRM cannot be taken', () => {
  const one = (rest: object) => ({
    name: 'crm.contacts',
    version: '1.2.0',
    baseUrl: evil.url.origin,
    endpoints: [],
    ...rest,
  });
  it.each<[string, () => object | string, readonly number[]]>([
    ['in its name', () => registrationOf(evil.url.origin), [403]],
    [
      'in another’s name, with its services',
      () => registrationOf(evil.url.origin, { pluginId: 'plugin-analytics' }),
      [409],
    ],
    [
      'in another’s name, with one of its services',
      () => ({ pluginId: 'plugin-analytics', services: [one({})] }),
      [409],
    ],
    [
      'with one of its services in capitals',
      () => ({ pluginId: 'plugin-analytics', services: [one({ name: 'CRM.CONTACTS' })] }),
      [409],
    ],
    [
      'with a service below its own',
      () => ({ pluginId: 'plugin-analytics', services: [one({ name: 'crm.contacts.evil' })] }),
      [409],
    ],
    [
      'with a service of JavaScript',
      () => ({ pluginId: 'plugin-analytics', services: [one({ name: '__proto__' })] }),
      [409],
    ],
    ['in its name in capitals', () => registrationOf(evil.url.origin, { pluginId: 'PLUGIN-CRM' }), [403]],
    ['in its name with a space', () => registrationOf(evil.url.origin, { pluginId: 'plugin-crm ' }), [403]],
    ['in its name with a NUL', () => registrationOf(evil.url.origin, { pluginId: 'plugin-crm\0' }), [403]],
    ['in its name in a list', () => registrationOf(evil.url.origin, { pluginId: ['plugin-crm'] }), [400]],
    [
      'in its name in an object',
      () => registrationOf(evil.url.origin, { pluginId: { toString: 'plugin-crm' } }),
      [400],
    ],
    ['in nobody’s name', () => registrationOf(evil.url.origin, { pluginId: '' }), [400]],
    ['in the name of JavaScript', () => registrationOf(evil.url.origin, { pluginId: '__proto__' }), [403]],
    [
      'in its name, after another',
      () => JSON.stringify(registrationOf(evil.url.origin)).replace('{', '{"pluginId":"plugin-analytics",'),
      [403],
    ],
    [
      'in another’s name, after its own',
      () => JSON.stringify(registrationOf(evil.url.origin)).replace(/}$/, ',"pluginId":"plugin-analytics"}'),
      [409],
    ],
    [
      'through a prototype',
      () =>
        JSON.stringify(registrationOf(evil.url.origin)).replace(
          '{',
          '{"__proto__":{"pluginId":"plugin-analytics"},',
        ),
      [400],
    ],
    ['in a list', () => [registrationOf(evil.url.origin)], [400]],
    ['in words', () => '"plugin-crm"', [400]],
    ['in nothing', () => '', [400]],
  ])('%s', async (_, body, expected) => {
    const before = instances();
    expect(expected).toContain((await register(target, body(), target.asAnalytics)).status);
    expect(instances()).toEqual(before);
  });

  it.each<[string, () => string, number]>([
    ['without a token, through a proxy', () => 'X-Forwarded-For: 127.0.0.1', 401],
    ['without a token, from a page', () => 'Origin: http://127.0.0.1', 401],
    ['with a user’s token', () => target.asAda, 403],
    ['with a wrong token', () => 'Authorization: Bearer a.b.c', 401],
    ['under another scheme', () => target.asAnalytics.replace('Bearer', 'Basic'), 401],
  ])('%s', async (_, line, status) => {
    const before = instances();
    const answer = await register(target, registrationOf(evil.url.origin), line());
    expect([answer.status, instances()]).toEqual([status, before]);
  });

  it('by a browser of this machine, in any way that a page can make it ask', async () => {
    for (const lines of [
      ['Origin: null'],
      ['Origin: https://evil.example', 'Content-Type: text/plain'],
      ['Sec-Fetch-Site: cross-site'],
      ['Sec-Fetch-Site: none'],
      ['Host: evil.example:4000'],
    ]) {
      const text = lastWith(
        'POST /services/register',
        JSON.stringify(registrationOf(evil.url.origin)),
        JSON_TYPE,
        ...lines,
      );
      const rebound = lines[0]?.startsWith('Host')
        ? text.replace('Host: gateway.example\r\n', '')
        : text.replace('gateway.example', 'localhost:4000');
      const [answer] = await target.send(rebound);
      expect([lines, answer?.status]).toEqual([lines, expect.toSatisfy((code) => [400, 401].includes(code))]);
    }
  });
});

describe('another plugin’s instances', () => {
  it('cannot be kept, or taken out', async () => {
    const before = instances();
    const baseUrl = target.crm.url.origin;
    const body = JSON.stringify({ baseUrl });
    for (const path of [
      'plugin-crm',
      'plugin%2dcrm',
      'plugin-crm%20',
      'PLUGIN-CRM',
      '__proto__',
      'constructor',
    ]) {
      const asked = [
        lastWith(`POST /services/${path}/heartbeat`, body, JSON_TYPE, target.asAnalytics),
        last(`DELETE /services/${path}/crm.contacts`, target.asAnalytics),
        last(`DELETE /services/${path}`, target.asAnalytics),
        last(
          `DELETE /services/${path}/crm.contacts?baseUrl=${encodeURIComponent(baseUrl)}`,
          target.asAnalytics,
        ),
      ];
      for (const text of asked) {
        const [answer] = await target.send(text);
        expect([path, answer?.status]).toEqual([path, 403]);
      }
    }
    expect(instances()).toEqual(before);
  });

  it('that plexica.yaml names stay, whatever their own plugin says', async () => {
    const texts = [
      last('DELETE /services/plugin-crm/crm.contacts', asCrm),
      last('DELETE /services/plugin-crm', asCrm),
      lastWith(
        'DELETE /services/plugin-crm',
        JSON.stringify({ baseUrl: target.crm.url.origin }),
        JSON_TYPE,
        asCrm,
      ),
    ];
    for (const text of texts) expect((await target.send(text))[0]?.status).toBe(200);
    expect((await target.ask(last('GET /plugin-crm/contacts', target.asAda))).answer.status).toBe(200);
  });

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'crm.contacts%00',
    'crm.contacts%2f',
    '..%2fcrm.contacts',
    'x'.repeat(101),
  ])('have no service %s', async (name) => {
    const [answer] = await target.send(last(`DELETE /services/plugin-crm/${name}`, asCrm));
    expect([400, 404]).toContain(answer?.status);
    const [found] = await target.send(last(`GET /services/discover/${name}`, asCrm));
    expect([400, 404]).toContain(found?.status);
  });
});

describe('a plugin calls what it declares, and nothing else', () => {
  const refused = [
    'POST /plugin-crm/contacts',
    'PUT /plugin-crm/contacts/7',
    'DELETE /plugin-crm/contacts/7',
    'GET /plugin-crm/public',
    'GET /plugin-crm/internal',
    'GET /plugin-crm/search',
    'POST /plugin-crm/open',
    'POST /plugin-crm/checked',
    'HEAD /plugin-crm/internal',
    'POST /plugin-analytics/reports',
  ];
  it.each(refused)('not %s', async (endpoint) => {
    const context = await target.gateway.context.contexts.issue(
      { tenantId: 'acme', permissions: ['contacts:write'] },
      'plugin-analytics',
    );
    target.keepSecret(context);
    const lines = [target.asAnalytics, `X-Plexica-Context: ${context}`];
    for (const more of [
      [],
      ['X-HTTP-Method-Override: GET'],
      ['X-Original-URL: /api/plugin-gateway/plugin-crm/contacts'],
      ['X-Caller-Plugin-ID: plugin-crm'],
      ['X-Plexica-Caller: plugin-crm'],
    ]) {
      const { answer, arrived } = await target.ask(last(endpoint, ...lines, ...more), endpoint.split(' ')[0]);
      expect([answer.status, arrived]).toEqual([403, []]);
      if (!endpoint.startsWith('HEAD')) expect(answer.code).toBe('edge-missing');
    }
  });

  it('however the request comes, one after the other on one connection', async () => {
    const context = await target.gateway.context.contexts.issue(
      { tenantId: 'acme', permissions: [] },
      'plugin-analytics',
    );
    target.keepSecret(context);
    const lines = [target.asAnalytics, `X-Plexica-Context: ${context}`];
    const answers = await target.send(
      head('GET /plugin-crm/contacts', ...lines) +
        head('GET /plugin-crm/internal', ...lines) +
        head('GET /plugin-crm/contacts') +
        head('GET /plugin-crm/contacts', target.asAda) +
        head('GET /plugin-crm/internal', target.asAda) +
        last('GET /plugin-crm/contacts'),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 401, 200, 403, 401]);
  });
});
