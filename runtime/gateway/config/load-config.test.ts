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
      stateFolder: join(folder, '.plexica'),
      workers: 1,
      drain: 10_000,
      trustedProxies: [],
      cors: undefined,
      identity: {
        provider: { kind: 'development' },
        claims: { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' },
      },
      upstreams: new Map(),
      health: { interval: 5000, timeout: 1000, slow: 500, rise: 2, fall: 3 },
      circuit: { failures: 5, window: 10_000, open: 5000 },
      retry: { budget: 0.2 },
      limits: { maxConcurrent: 256, maxQueue: 256, queueTimeout: 1000 },
      dependencyPolicy: 'degrade',
      rateLimits: { tenant: undefined, caller: undefined, redis: undefined },
      telemetry: undefined,
      log: { level: 'info', access: true },
      events: {
        transport: { kind: 'embedded' },
        retention: 7 * 24 * 3_600_000,
        maxSize: 1024 ** 3,
        retry: { attempts: 8, initial: 500, max: 30_000 },
        apiRequests: { sample: 1, every: 1000 },
      },
    });
  });

  it('reads every setting', async () => {
    const text = `
plugins: ["*.json"]
out: made
gateway:
  { host: 10.0.0.1, port: 80, maxBody: 1MiB, timeout: 1m, keys: secrets/keys.json, state: /var/lib/plexica,
    workers: 4, drain: 0s, trustedProxies: [10.0.0.0/8, "2001:db8::/32", 192.0.2.1],
    cors: { origins: ["https://app.example.com", "https://*.example.com", "http://localhost:5173"], credentials: true, maxAge: 1h } }
health: { interval: 2s, timeout: 500ms, slow: 0ms, rise: 1, fall: 1 }
circuit: { failures: 3, window: 1m, open: 1s }
retry: { budget: 0 }
limits: { maxConcurrent: 10, maxQueue: 0, queueTimeout: 0s }
dependencyPolicy: fail
rateLimits: { tenant: { max: 1000, window: 1m }, caller: { max: 10, window: 1s }, redis: "redis://127.0.0.1:6379/2" }
telemetry: { otlp: "http://127.0.0.1:4318/v1/traces", serviceName: edge, sample: 0.1 }
log: { level: warn, access: false }
events:
  { transport: kafka, brokers: "kafka-1:9092, [::1]:9093", retention: 24h, maxSize: 1MiB,
    kafka: { clientId: edge, prefix: p, partitions: 3, replicationFactor: 2, tls: { ca: ca.pem }, sasl: { mechanism: plain, username: u, password: p } },
    retry: { attempts: 2, initial: 1s, max: 1m }, apiRequests: { sample: 0.5, every: 5s } }
`;
    const [upstreams, identity] = [expect.any(Map), expect.any(Object)];
    expect(await load(text)).toEqual({
      file: join(folder, 'plexica.yaml'),
      folder,
      out: join(folder, 'made'),
      host: '10.0.0.1',
      port: 80,
      maxBody: 1024 * 1024,
      timeout: 60_000,
      keysFile: join(folder, 'secrets', 'keys.json'),
      stateFolder: '/var/lib/plexica',
      workers: 4,
      drain: 0,
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
      cors: {
        origins: ['https://app.example.com', 'https://*.example.com', 'http://localhost:5173'],
        credentials: true,
        maxAge: 3_600_000,
      },
      identity,
      upstreams,
      health: { interval: 2000, timeout: 500, slow: 0, rise: 1, fall: 1 },
      circuit: { failures: 3, window: 60_000, open: 1000 },
      retry: { budget: 0 },
      limits: { maxConcurrent: 10, maxQueue: 0, queueTimeout: 0 },
      dependencyPolicy: 'fail',
      rateLimits: {
        tenant: { max: 1000, windowMs: 60_000 },
        caller: { max: 10, windowMs: 1000 },
        redis: new URL('redis://127.0.0.1:6379/2'),
      },
      telemetry: { otlp: new URL('http://127.0.0.1:4318/v1/traces'), serviceName: 'edge', sample: 0.1 },
      log: { level: 'warn', access: false },
      events: {
        transport: {
          kind: 'kafka',
          brokers: ['kafka-1:9092', '[::1]:9093'],
          clientId: 'edge',
          prefix: 'p',
          partitions: 3,
          replicationFactor: 2,
          tls: { ca: join(folder, 'ca.pem') },
          sasl: { mechanism: 'plain', username: 'u', password: 'p' },
        },
        retention: 24 * 3_600_000,
        maxSize: 1024 ** 2,
        retry: { attempts: 2, initial: 1000, max: 60_000 },
        apiRequests: { sample: 0.5, every: 5000 },
      },
    });
  });

  it('keeps the keys in the state folder where nothing else is said', async () => {
    expect((await load('plugins: [x]\ngateway: { state: state }')).keysFile).toBe(
      join(folder, 'state', 'keys.json'),
    );
  });

  it('gives an upstream the limits of all where it has none of its own', async () => {
    const { upstreams } = await load(`
plugins: [x]
limits: { maxConcurrent: 10, queueTimeout: 2s }
dependencyPolicy: fail
upstreams:
  plain: { urls: ["http://a:1"], actAsTenants: ["acme"] }
  own: { limits: { maxConcurrent: 5, maxQueue: 1 }, dependencyPolicy: degrade }
`);
    expect(upstreams.get('plain')).toMatchObject({
      limits: { maxConcurrent: 10, maxQueue: 256, queueTimeout: 2000 },
      dependencyPolicy: 'fail',
      actAsTenants: ['acme'],
    });
    expect(upstreams.get('own')).toMatchObject({
      limits: { maxConcurrent: 5, maxQueue: 1, queueTimeout: 2000 },
      dependencyPolicy: 'degrade',
      actAsTenants: [],
    });
  });

  it('lets LOG_LEVEL win over log.level', async () => {
    const text = 'plugins: [x]\nlog: { level: warn }';
    expect((await load(text)).log.level).toBe('warn');
    expect((await load(text, { LOG_LEVEL: 'debug' })).log.level).toBe('debug');
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
      ['plexica.yaml:2: gateway.port must be an integer'],
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
      'an address of keys with credentials',
      'plugins: [x]\nidentity:\n  provider: jwt\n  jwt:\n    issuer: i\n    audience: a\n    jwksUri: https://u:p@idp/',
      ['plexica.yaml:7: identity.jwt.jwksUri has a user name or password, which is never sent: leave it out'],
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
      'a trusted proxy that is a name',
      'plugins: [x]\ngateway:\n  trustedProxies:\n    - 10.0.0.1\n    - proxy.local',
      ['plexica.yaml:5: gateway.trustedProxies lists "proxy.local", which is neither an IP address nor'],
    ],
    [
      'a subnet that is too narrow',
      'plugins: [x]\ngateway: { trustedProxies: [10.0.0.0/33] }',
      ['plexica.yaml:2: gateway.trustedProxies lists "10.0.0.0/33"'],
    ],
    [
      'an origin with a path',
      'plugins: [x]\ngateway: { cors: { origins: ["https://app.example.com/"] } }',
      ['plexica.yaml:2: gateway.cors.origins lists "https://app.example.com/", which is no origin'],
    ],
    [
      'every origin',
      'plugins: [x]\ngateway: { cors: { origins: ["*"] } }',
      ['plexica.yaml:2: gateway.cors.origins lists "*"'],
    ],
    [
      'a number for a duration',
      'plugins: [x]\ngateway:\n  drain: 5',
      ['plexica.yaml:3: gateway.drain must be a duration such as 500ms, 5s or 1m'],
    ],
    [
      'no workers',
      'plugins: [x]\ngateway:\n  workers: 0',
      ['plexica.yaml:3: gateway.workers must be at least 1'],
    ],
    [
      'a circuit that opens for no time',
      'plugins: [x]\ncircuit: { open: 0s }',
      ['plexica.yaml:2: circuit.open must be longer than 0s'],
    ],
    [
      'a window of nothing',
      'plugins: [x]\nrateLimits:\n  caller: { max: 1, window: 0s }',
      ['plexica.yaml:3: rateLimits.caller.window must be longer than 0s'],
    ],
    [
      'a store that is no Redis',
      'plugins: [x]\nrateLimits: { redis: "http://127.0.0.1" }',
      ['plexica.yaml:2: rateLimits.redis must be'],
    ],
    [
      'a collector that is no URL',
      'plugins: [x]\ntelemetry:\n  otlp: "http://"',
      ['plexica.yaml:3: telemetry.otlp is not a URL'],
    ],
    [
      'a budget of more than everything',
      'plugins: [x]\nretry: { budget: 1.5 }',
      ['plexica.yaml:2: retry.budget must be at most 1'],
    ],
    [
      'Kafka without brokers',
      'plugins: [x]\nevents:\n  transport: kafka',
      ['plexica.yaml:3: events.transport is kafka, and events.brokers is missing'],
    ],
    [
      'a broker without a port',
      'plugins: [x]\nevents: { transport: kafka, brokers: "a:1,b" }',
      ['plexica.yaml:2: events.brokers lists "b", which is not of the form host:port'],
    ],
    [
      'a policy that is none',
      'plugins: [x]\ndependencyPolicy: panic',
      ['plexica.yaml:2: dependencyPolicy must be one of degrade, fail'],
    ],
    [
      'two mistakes',
      'plugins: [x]\nfoo: 1\nhealth: { rise: 0 }',
      ['plexica.yaml:2: foo is not', 'plexica.yaml:3: health.rise must be at least 1'],
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
