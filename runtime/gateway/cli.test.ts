import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableOf } from './instances/testing/route-table.ts';
import { ANALYTICS, CRM } from './testing/start-gateway.ts';

const BIN = fileURLToPath(new URL('./bin/plexica-gateway.js', import.meta.url));
const YAML = 'plugins: ["*.json"]\nout: .\ngateway: { port: 0 }\n';
const SECRET = '0123456789abcdef0123456789abcdef';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-cli-'));
  await writeFile(join(folder, 'plexica.yaml'), YAML);
  await writeFile(join(folder, 'routes.json'), JSON.stringify(tableOf([CRM, ANALYTICS]).table));
  const jwt = (key: string) =>
    `${YAML}identity: { provider: jwt, jwt: { issuer: me, audience: you, ${key} } }\n`;
  await writeFile(join(folder, 'secret.yaml'), jwt(`secret: ${SECRET}`));
  await writeFile(join(folder, 'jwks.yaml'), jwt('jwksUri: https://idp.example/jwks'));
  await writeFile(join(folder, 'exposed.yaml'), YAML.replace('port: 0', 'port: 0, host: 0.0.0.0'));
});
afterAll(() => rm(folder, { recursive: true }));

function start(...args: string[]): { child: ChildProcess; out: () => string; err: () => string } {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return { child, out: () => out, err: () => err };
}

async function run(...args: string[]) {
  const { child, out, err } = start(...args);
  const [code] = await once(child, 'close');
  return { code, out: out(), err: err() };
}

describe('token', () => {
  it('prints a token for a user, and nothing else', async () => {
    const args = [
      '--tenant',
      'acme',
      '--user',
      'ada',
      '--workspace',
      'w',
      '--permission',
      'a:b',
      '--permission',
      'c:d',
    ];
    const { code, out, err } = await run('token', ...args, '--expires', '30m');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\S+\n$/);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(out.trim());
    expect(claims).toEqual({ tenant_id: 'acme', sub: 'ada', workspace_id: 'w', permissions: ['a:b', 'c:d'] });
    expect(exp - iat).toBe(1800);
    expect(decodeProtectedHeader(out.trim()).typ).toBe('plexica-development+jwt');
  });

  it('prints a token for a plugin of the table', async () => {
    const { code, out } = await run('token', '--plugin', 'plugin-analytics');
    expect(code).toBe(0);
    expect(decodeJwt(out.trim()).sub).toBe('plugin-analytics');
    expect(decodeProtectedHeader(out.trim()).typ).toBe('plexica-plugin+jwt');
  });

  it('signs with the shared secret where the provider has one', async () => {
    const { out } = await run('token', '--config', 'secret.yaml', '--tenant', 'acme', '--user', 'ada');
    const key = new TextEncoder().encode(SECRET);
    const { payload } = await jwtVerify(out.trim(), key, { issuer: 'me', audience: 'you' });
    expect(payload).toMatchObject({ tenant_id: 'acme', sub: 'ada' });
  });

  it.each([
    [1, 'a plugin that is not there', ['--plugin', 'plugin-crn'], 'did you mean plugin-crm?'],
    [
      1,
      'a provider with a public key',
      ['--config', 'jwks.yaml', '--tenant', 't', '--user', 'u'],
      'only your identity provider',
    ],
    [2, 'nothing', [], 'it takes --tenant and --user'],
    [2, 'both kinds', ['--plugin', 'plugin-crm', '--tenant', 't'], 'goes with no other kind'],
    [
      2,
      'a tenant that is no header',
      ['--tenant', 'a\nb', '--user', 'u'],
      '--tenant must be printable ASCII',
    ],
    [
      2,
      'a time that is none',
      ['--plugin', 'plugin-crm', '--expires', 'soon'],
      '--expires must be a duration',
    ],
    [2, 'an unknown option', ['--tennant', 't'], 'did you mean --tenant?'],
  ])('exits %i for %s', async (expected, _, args, words) => {
    const { code, out, err } = await run('token', ...args);
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain(words);
    expect(err).not.toMatch(/^ {4}at /m);
  });
});

describe('start', () => {
  it('serves until it is told to stop, and leaves nothing running', async () => {
    const { child, out, err } = start('start');
    await expect.poll(err, { timeout: 15_000 }).toMatch(/serves 2 plugins at http:/);
    const url = /http:\S+/.exec(err())?.[0];
    expect((await fetch(`${url}/health`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    for (const line of out().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it.each([
    [1, 'no plexica.yaml', ['--config', 'no.yaml'], 'no.yaml'],
    [1, 'no table', ['--table', 'no.json'], 'there is no route table at'],
    [1, 'another table', ['--table', 'plexica.yaml'], 'is not JSON'],
    [1, 'development for everybody', ['--config', 'exposed.yaml'], 'which others can reach'],
    [2, 'a port that is none', ['--port', 'http'], '--port must be a number'],
    [2, 'too many words', ['now'], '"now" is more than'],
  ])('exits %i for %s', async (expected, _, args, words) => {
    const { code, err } = await run('start', ...args);
    expect(code).toBe(expected);
    expect(err).toContain(words);
    expect(err).not.toMatch(/^ {4}at /m);
  });
});

it.each([
  [0, ['--help'], 'out', 'COMMAND'],
  [0, ['start', '--help'], 'out', '--table FILE'],
  [0, ['token', '--help'], 'out', '--plugin ID'],
  [2, [], 'err', 'COMMAND'],
  [2, ['strat'], 'err', 'did you mean start?'],
] as const)('exits %i for %j', async (expected, args, stream, words) => {
  const result = await run(...args);
  expect(result.code).toBe(expected);
  expect(result[stream]).toContain(words);
});
