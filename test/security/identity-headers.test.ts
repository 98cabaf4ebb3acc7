import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, headersOf, last, startTarget, type Target } from './support/start-target.ts';

/** No request id that the gateway would take over. */
const EVIL = 'evil 7c1f';

let target: Target;
let context: string;
beforeAll(async () => {
  target = await startTarget({ config: { trustedProxies: [] } });
  context = await target.gateway.context.contexts.issue(
    { tenantId: 'acme', permissions: [] },
    'plugin-analytics',
  );
  target.keepSecret(context);
});
afterAll(() => target.close());

/** What says who somebody is, or is the gateway's alone to say. */
const NAMES = [
  'x-tenant-id',
  'x-user-id',
  'x-workspace-id',
  'x-caller-plugin-id',
  'x-plexica-context',
  'x-plexica-act-as-tenant',
  'x-plexica-contract',
  'x-plexica-tenant',
  'x-plexica-',
  'x-plexica',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-prefix',
  'x-forwarded-user',
  'x-forwarded',
  'forwarded',
  'forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
  'x-cluster-client-ip',
  'x-originating-ip',
  'x-remote-ip',
  'x-remote-addr',
  'x-host',
  'x-original-host',
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'proxy',
  'proxy-connection',
  'proxy-authorization',
  'cookie',
  'cookie2',
  'x-request-id',
  'traceparent',
] as const;

const each = (name: string, change: (letter: string, at: number) => string) => [...name].map(change).join('');

/** Every spelling that a server behind the gateway may take for the name itself. */
const SPELLINGS: Readonly<Record<string, (name: string) => string>> = {
  'as it is': (name) => name,
  'in capitals': (name) => name.toUpperCase(),
  'in turns': (name) => each(name, (letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter)),
  'with underscores': (name) => name.replaceAll('-', '_'),
  'with one underscore': (name) => name.replace(/-(?=[^-]*$)/, '_'),
  'with dots': (name) => name.replaceAll('-', '.'),
  'with other signs': (name) => name.replaceAll('-', '~'),
  'with plus signs': (name) => name.replaceAll('-', '+'),
  'as CGI says it': (name) => name.toUpperCase().replaceAll('-', '_'),
};

/** How the value is set off from the name. */
const COLONS = [': ', ':', ':\t', ': \t '];

const CALLERS: readonly (readonly [string, () => readonly string[], string])[] = [
  ['a user', () => [target.asAda], '/plugin-crm/contacts'],
  ['a plugin', () => [target.asAnalytics, `X-Plexica-Context: ${context}`], '/plugin-crm/contacts'],
  ['nobody', () => [], '/plugin-crm/public'],
];

describe.each(CALLERS)('of %s', (caller, lines, path) => {
  it.each(Object.entries(SPELLINGS))('nothing arrives that it says of itself, %s', async (_, spell) => {
    for (const [at, name] of NAMES.entries()) {
      const spelled = spell(name);
      // What a plugin says of itself in the gateway's own words is read, and refused: that has tests of its own.
      if (caller === 'a plugin' && /^x-plexica-(?:context|act-as-tenant|contract)$/i.test(spelled)) continue;
      const line = `${spelled}${COLONS[at % COLONS.length]}${EVIL}`;
      const { answer, arrived } = await target.ask(last(`GET ${path}`, line, ...lines()));
      expect([line, answer.status]).toEqual([line, 200]);
      expect(JSON.stringify(arrived)).not.toContain(EVIL);
    }
  });

  it('nothing arrives that it says twice, before and after its token', async () => {
    for (const name of NAMES.filter((one) => !one.startsWith('x-plexica'))) {
      const line = `${name}: ${EVIL}`;
      const { arrived } = await target.ask(last(`GET ${path}`, line, line, ...lines(), line));
      expect(arrived).toHaveLength(1);
      expect(JSON.stringify(arrived)).not.toContain(EVIL);
    }
  });

  it('Connection takes nothing away that the gateway says', async () => {
    const said = (arrived: Awaited<ReturnType<Target['ask']>>['arrived']) =>
      arrived.map((request) => [...headersOf(request).keys()].sort());
    const plain = said((await target.ask(last(`GET ${path}`, ...lines()))).arrived);
    expect(plain).toHaveLength(1);
    for (const spell of Object.values(SPELLINGS)) {
      const named = [...NAMES, 'host', 'x-request-id', 'traceparent', 'connection'].map(spell);
      for (const connection of [
        `Connection: close, ${named.join(', ')}`,
        `Connection: ${named.join(',')}\r\nConnection: close`,
        `Connection:,, ,${named.join(' ,\t')},close`,
      ]) {
        const { arrived } = await target.ask(head(`GET ${path}`, connection, ...lines()));
        expect(said(arrived)).toEqual(plain);
      }
    }
  });

  it('Connection takes no token away before it is looked at', async () => {
    const { answer, arrived } = await target.ask(
      head(`GET ${path}`, 'Connection: close, authorization', ...lines(), 'X-Tenant-ID: evil'),
    );
    expect(answer.status).toBe(200);
    const tenants = arrived.flatMap((request) => headersOf(request).get('x-tenant-id') ?? []);
    expect(tenants).toEqual(caller === 'nobody' ? [] : ['acme']);
  });
});

describe('behind a chunked body', () => {
  it.each([['POST /plugin-crm/open'], ['POST /plugin-crm/checked']])(
    'a trailer of %s tells the plugin nothing',
    async (endpoint) => {
      const body = '{"name":"x"}';
      for (const name of NAMES) {
        const text = head(
          endpoint,
          'Connection: close',
          `Trailer: ${name}`,
          'Transfer-Encoding: chunked',
          'Content-Type: application/json',
          target.asAda,
        );
        const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n${name}: ${EVIL}\r\n\r\n`;
        const { answer, arrived } = await target.ask(text + chunks);
        expect([name, answer.status, arrived.length]).toEqual([name, 200, 1]);
        expect(JSON.stringify([arrived, answer])).not.toContain(EVIL);
        expect(arrived[0]?.headers).not.toHaveProperty('trailer');
      }
    },
  );
});

describe('a second name for what frames or names a body', () => {
  it.each([
    'Content_Length',
    'CONTENT_LENGTH',
    'content.length',
    'Content_Type',
    'Content_Encoding',
    'Transfer_Encoding',
  ])('%s does not arrive', async (name) => {
    const { answer, arrived } = await target.ask(
      `${last('POST /plugin-crm/open', `${name}: ${EVIL}`, 'Content-Length: 2')}ok`,
    );
    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    expect(JSON.stringify(arrived)).not.toContain(EVIL);
  });
});

it('names of JavaScript are names like any other', async () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
  const lines = names.flatMap((name) => [`${name}: a`, `${name}: b`]);
  const { answer, arrived } = await target.ask(last('GET /plugin-crm/contacts', target.asAda, ...lines));
  expect(answer.status).toBe(200);
  expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual(['acme']);
});
