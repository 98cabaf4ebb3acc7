import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

let plugin: TestPlugin;
beforeAll(async () => {
  plugin = await startPlugin();
});
afterAll(() => plugin.close());

const start = (trustedProxies: readonly string[]) =>
  startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url }, config: { trustedProxies } });

/** What the plugin is told about the client: every header whose name speaks of one, in any spelling. */
async function toldBy(gateway: TestGateway, ...lines: string[]): Promise<Record<string, string>> {
  const head = [
    'GET /api/plugin-gateway/plugin-crm/public HTTP/1.1',
    'Host: gateway.test',
    'Connection: close',
  ];
  expect(await sendRaw(gateway.port, [...head, ...lines, '', ''].join('\r\n'))).toMatch(/^HTTP\/1\.1 200 /);
  const { rawHeaders } = plugin.seen.at(-1) ?? expect.fail('nothing arrived');
  const told: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (/forwarded|real.ip|client.ip/i.test(name)) told.push([name, value]);
  }
  expect(new Set(told.map(([name]) => name)).size).toBe(told.length);
  return Object.fromEntries(told);
}

const told = (forwardedFor: string, protocol = 'http') => ({
  'x-forwarded-for': forwardedFor,
  'x-forwarded-proto': protocol,
  'x-forwarded-host': 'gateway.test',
  'x-forwarded-prefix': '/api/plugin-gateway/plugin-crm',
});

const CLAIMS: readonly [string, readonly string[]][] = [
  ['a list', ['X-Forwarded-For: 203.0.113.9']],
  ['a long list', ['X-Forwarded-For: 203.0.113.9, 127.0.0.1']],
  ['two lists', ['X-Forwarded-For: 1.1.1.1', 'X-Forwarded-For: 203.0.113.9']],
  ['other case', ['x-FORWARDED-for: 203.0.113.9']],
  ['other characters', ['X_Forwarded_For: 1.1.1.1', 'X.Forwarded.Proto: https']],
  [
    'other headers',
    ['X-Real-IP: 1.1.1.1', 'True-Client-IP: 1.1.1.1', 'Forwarded: for=1.1.1.1', 'X-Forwarded-Port: 1'],
  ],
  ['a protocol', ['X-Forwarded-Proto: https']],
  ['another host', ['X-Forwarded-Host: evil.test', 'X-Forwarded-Prefix: /evil', 'X-Forwarded-Server: evil']],
];

describe('a peer that is no trusted proxy', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start(['10.0.0.0/8']);
    return () => gateway.close();
  });

  it.each(CLAIMS)('claims with %s in vain', async (_, lines) => {
    expect(await toldBy(gateway, ...lines)).toEqual(told('127.0.0.1'));
  });
});

describe('a trusted proxy', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start(['127.0.0.0/8', '10.0.0.0/8']);
    return () => gateway.close();
  });

  it.each([
    ['203.0.113.9, 127.0.0.1', ['X-Forwarded-For: 203.0.113.9']],
    ['203.0.113.9, 127.0.0.1', ['X-Forwarded-For: 1.1.1.1, 203.0.113.9']],
    ['203.0.113.9, 127.0.0.1', ['X-Forwarded-For: 10.0.0.1, 203.0.113.9']],
    [
      '203.0.113.9, 10.0.0.1, 127.0.0.1',
      ['X-Forwarded-For: 1.1.1.1', 'X-Forwarded-For: 203.0.113.9, 10.0.0.1'],
    ],
    [
      '203.0.113.9, 127.0.0.1',
      ['x-FORWARDED-for:203.0.113.9', 'X_Forwarded_For: 1.1.1.1', 'X-Real-IP: 1.1.1.1'],
    ],
    ['127.0.0.1', ['X-Forwarded-For: evil']],
    ['127.0.0.1', ['X_Forwarded_For: 1.1.1.1']],
    ['127.0.0.1', ['Forwarded: for=1.1.1.1;proto=https']],
  ])('is believed as far as it goes: %s', async (chain, lines) => {
    expect(await toldBy(gateway, ...lines)).toEqual(told(chain));
  });

  it('says with which protocol the client came, and nothing of the host', async () => {
    expect(await toldBy(gateway, 'X-Forwarded-Proto: https', 'X-Forwarded-Host: evil.test')).toEqual(
      told('127.0.0.1', 'https'),
    );
  });

  it('the log names the client', async () => {
    await toldBy(gateway, 'X-Forwarded-For: 203.0.113.10');
    expect(await gateway.journal.until('answered')).toBeDefined();
    expect(gateway.journal.lines.map(({ client }) => client)).toContain('203.0.113.10');
  });

  it('is not this machine, although its address is', async () => {
    const answer = await fetch(`${gateway.url}/services/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '127.0.0.1' },
      body: '{}',
    });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'token-missing' }),
    ]);
  });
});
