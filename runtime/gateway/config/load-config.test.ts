import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { loadConfig } from './load-config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(text: string, environment = {}) {
  const file = join(folder, 'plexica.yaml');
  await writeFile(file, text);
  return loadConfig(file, environment);
}

/** What the error says, line by line. */
async function complaints(text: string, environment = {}): Promise<string[]> {
  const error = await load(text, environment).then(
    () => expect.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SetupError)) throw error;
  return error.message.split('\n');
}

describe('loadConfig', () => {
  it('fills the defaults in', async () => {
    expect(await load('plugins: ["*.json"]')).toEqual({
      file: join(folder, 'plexica.yaml'),
      folder,
      out: join(folder, 'generated'),
      host: '127.0.0.1',
      port: 4000,
      maxBody: 10 * 1024 * 1024,
      timeout: 30_000,
      keysFile: join(folder, '.plexica', 'keys.json'),
      identity: {
        provider: { kind: 'development' },
        claims: { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' },
      },
      upstreams: new Map(),
      health: { interval: 5000, timeout: 1000, slow: 500, rise: 2, fall: 3 },
    });
  });

  it('puts variables in, as numbers where they stand alone', async () => {
    const text = `
plugins: ["*.json"]
gateway: { host: "\${HOST:-127.0.0.2}", port: "\${PORT:-4000}", maxBody: "\${SIZE}KiB" }
upstreams:
  plugin-crm: { urls: ["http://\${CRM:-crm.local}:3100/base/"], timeout: 2s, maxBody: 1MiB }
`;
    const config = await load(text, { PORT: '4001', SIZE: '3' });
    expect(config).toMatchObject({ host: '127.0.0.2', port: 4001, maxBody: 3072 });
    expect(config.upstreams.get('plugin-crm')).toMatchObject({
      urls: [new URL('http://crm.local:3100/base')],
      allowRegistration: [],
      timeout: 2000,
      maxBody: 1024 * 1024,
    });
  });

  it.each([
    ['secret: "0123456789abcdef0123456789abcdef"', ['HS256'], 'secret'],
    ['publicKeyFile: keys/idp.pem', ['RS256'], 'file'],
    ['jwksUri: "https://idp.example/jwks"', ['RS256'], 'jwks'],
  ])('reads the key of identity.jwt from %s', async (key, algorithms, kind) => {
    const { identity } = await load(
      `plugins: [x]\nidentity: { provider: jwt, jwt: { issuer: i, audience: a, ${key} } }`,
    );
    expect(identity.provider).toMatchObject({ kind: 'jwt', algorithms, clockTolerance: 5000, key: { kind } });
  });

  it('does not need the variables of keys that are free', async () => {
    expect((await load(`plugins: [x]\nx-note: \${NOBODY}\n`)).port).toBe(4000);
  });
});

describe('loadConfig says what is wrong, and on which line', () => {
  it.each([
    ['no YAML', 'plugins: [x', ['plexica.yaml:1: this is not YAML: ']],
    ['the same key twice', 'plugins: [x]\nout: a\nout: b', ['plexica.yaml:3: this is not YAML: ']],
    [
      'a variable',
      `plugins: [x]\ngateway:\n  host: \${GW_HOST}`,
      ['plexica.yaml:3: host: the environment variable GW_HOST is not set'],
    ],
    [
      'two variables',
      `plugins: [x]\nout: \${A}\nupstreams:\n  crm:\n    urls: ["http://\${B}:1"]`,
      ['plexica.yaml:2: out: the environment variable A', 'plexica.yaml:5: the environment variable B'],
    ],
    [
      'an unknown key',
      'plugins: [x]\ngateway:\n  prot: 1',
      ['plexica.yaml:3: gateway.prot is not a known setting; did you mean "port"?'],
    ],
    ['a missing key', 'out: x', ['plexica.yaml:1: the file must have "plugins"']],
    [
      'a wrong type',
      'plugins: [x]\ngateway: { port: soon }',
      ['plexica.yaml:2: gateway.port must be integer'],
    ],
    [
      'a wrong duration',
      'plugins: [x]\nhealth:\n  interval: 5sec',
      ['plexica.yaml:3: health.interval must be a duration such as 500ms, 5s or 1m'],
    ],
    [
      'a wrong size',
      'plugins: [x]\ngateway: { maxBody: 10MB }',
      ['plexica.yaml:2: gateway.maxBody must be a size such as 512KiB or 10MiB'],
    ],
    [
      'a wrong choice',
      'plugins: [x]\nidentity: { provider: ldap }',
      ['plexica.yaml:2: identity.provider must be one of development, jwt'],
    ],
    [
      'an interval of nothing',
      'plugins: [x]\nhealth: { interval: 0s }',
      ['plexica.yaml:2: health.interval must be longer than 0s'],
    ],
    [
      'no settings for jwt',
      'plugins: [x]\nidentity:\n  provider: jwt',
      ['plexica.yaml:3: identity.provider is jwt, and identity.jwt is missing'],
    ],
    [
      'no key for jwt',
      'plugins: [x]\nidentity: { jwt: { issuer: i, audience: a } }',
      ['plexica.yaml:2: identity.jwt must have exactly one of'],
    ],
    [
      'a public key with an algorithm of secrets',
      'plugins: [x]\nidentity:\n  provider: jwt\n  jwt:\n    issuer: i\n    audience: a\n    jwksUri: https://idp/\n    algorithms: [RS256, HS256]',
      ['plexica.yaml:8: identity.jwt.algorithms lists HS256, which needs a secret'],
    ],
    [
      'a secret with an algorithm of public keys',
      'plugins: [x]\nidentity: { provider: jwt, jwt: { issuer: i, audience: a, algorithms: [RS256], secret: 0123456789abcdef0123456789abcdef } }',
      ['plexica.yaml:2: identity.jwt.algorithms lists RS256, which needs a public key'],
    ],
    [
      'a URL with credentials',
      'plugins: [x]\nupstreams:\n  crm:\n    urls:\n      - http://u:p@crm:1',
      ['plexica.yaml:5: upstreams.crm lists a URL with credentials'],
    ],
    [
      'a URL with a query',
      'plugins: [x]\nupstreams: { crm: { urls: ["http://crm/?a=b"] } }',
      ['plexica.yaml:2: upstreams.crm lists a URL with'],
    ],
    [
      'no URL',
      'plugins: [x]\nupstreams: { crm: { urls: ["http://"] } }',
      ['plexica.yaml:2: upstreams.crm lists "http://", which is not a URL'],
    ],
    [
      'another scheme',
      'plugins: [x]\nupstreams: { crm: { urls: ["ftp://crm"] } }',
      ['plexica.yaml:2: upstreams.crm.urls.0 must be a URL that begins with'],
    ],
    [
      'two mistakes',
      'plugins: [x]\nfoo: 1\nhealth: { rise: 0 }',
      ['plexica.yaml:2: foo is not', 'plexica.yaml:3: health.rise must be >= 1'],
    ],
  ])('%s', async (_, text, expected) => {
    const lines = await complaints(text);
    expect(lines).toHaveLength(expected.length);
    expected.forEach((start, at) => {
      expect(lines[at]).toContain(start);
    });
  });

  it('a file that is not there', async () => {
    await expect(loadConfig(join(folder, 'no.yaml'), {})).rejects.toThrow('name it with --config FILE');
  });

  it('keys that would reach into every object are keys like others', async () => {
    expect(await complaints('plugins: [x]\n__proto__: { port: 1 }')).toEqual([
      'plexica.yaml:2: __proto__ is not a known setting',
    ]);
  });
});
