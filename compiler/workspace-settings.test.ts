import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { listFindings } from './testing/list-findings.ts';
import { memoryHost } from './testing/memory-host.ts';

const CRM = JSON.stringify({ id: 'plugin-crm', name: 'CRM', version: '1.0.0', backend: {} });
const UPSTREAMS = 'upstreams: { plugin-crm: { urls: ["http://127.0.0.1:3100"] } }';

const EVERYTHING = `
out: generated
gateway:
  host: 0.0.0.0
  port: "\${PORT:-4000}"
  publicUrl: https://api.example.com
  maxBody: 10MiB
  timeout: 30s
  keys: keys.json
  state: .plexica
  workers: 2
  drain: 0s
  trustedProxies: [10.0.0.0/8, "::1", "\${PROXY}"]
  cors: { origins: ["https://app.example.com", "\${ORIGIN}"], credentials: true, maxAge: 10m }
identity:
  provider: jwt
  jwt: { issuer: a, audience: b, jwksUri: "https://id.example.com/keys", clockTolerance: 5s }
upstreams:
  plugin-crm:
    urls: ["http://127.0.0.1:3100"]
    allowRegistration: ["http://localhost:*"]
    timeout: 5s
    maxBody: 1MiB
    actAsTenants: [acme]
    limits: { maxConcurrent: 1, maxQueue: 0, queueTimeout: 0s }
    dependencyPolicy: fail
health: { interval: 5s, timeout: 1s, slow: 0ms, rise: 1, fall: 1 }
dependencyPolicy: degrade
limits: { maxConcurrent: 256, maxQueue: 256, queueTimeout: 1s }
circuit: { failures: 5, window: 10s, open: 5s }
retry: { budget: 0.2 }
rateLimits:
  tenant: { max: 1000, window: 1m }
  caller: { max: 100, window: "\${WINDOW}" }
  redis: "rediss://\${REDIS_PASSWORD}@redis.internal:6380"
telemetry: { otlp: "http://127.0.0.1:4318/v1/traces", serviceName: edge, sample: 1 }
log: { level: warn, access: false }
x-note: free
`;

describe('the settings of the gateway in plexica.yaml', () => {
  it('are taken as they are meant, whether or not the deployment is known', async () => {
    expect(await findings(EVERYTHING)).toEqual([]);
  });

  it.each([
    ['limits: { maxConcurent: 1 }', 'PLX2001 3:11 maxConcurent: "maxConcurent" is not a key of limits'],
    ['limits: { maxConcurrent: 0 }', 'PLX2006 3:26 0: limits.maxConcurrent must be 1 or more'],
    ['limits: { queueTimeout: 1 }', 'PLX2003 3:25 1: limits.queueTimeout must be a string, not the number 1'],
    ['circuit: { open: 5sec }', 'PLX2005 3:18 5sec: "5sec" is not a duration'],
    ['circuit: { open: 0s }', 'PLX4022 3:18 0s: circuit.open must be longer than 0s'],
    ['retry: { budget: 2 }', 'PLX2006 3:18 2: retry.budget must be 1 or less'],
    ['rateLimits: { tenant: { max: 5 } }', 'PLX2002 3:15 tenant: rateLimits.tenant lacks "window"'],
    [
      'rateLimits: { redis: "http://redis.internal" }',
      'PLX2005 3:22 "http://redis.internal": "http://redis.internal" is not the address of a Redis server',
    ],
    ['rateLimits: { user: { max: 5, window: 1m } }', 'PLX2001 3:15 user: "user" is not a key of rateLimits'],
    ['gateway: { cors: {} }', 'PLX2002 3:12 cors: gateway.cors lacks "origins"'],
    [
      'gateway: { cors: { origins: [app.example.com] } }',
      'PLX4022 3:30 app.example.com: gateway.cors.origins lists "app.example.com", which is no origin',
    ],
    [
      'gateway: { trustedProxies: [10.0.0.0/99] }',
      'PLX4022 3:29 10.0.0.0/99: gateway.trustedProxies lists "10.0.0.0/99", which is neither an IP address nor a subnet',
    ],
    ['gateway: { workers: 0 }', 'PLX2006 3:21 0: gateway.workers must be 1 or more'],
    [
      'dependencyPolicy: failing',
      'PLX2004 3:19 failing: dependencyPolicy must be "degrade" or "fail", not "failing"',
    ],
    ['telemetry: { sample: 1 }', 'PLX2002 3:1 telemetry: telemetry lacks "otlp"'],
    ['log: { level: verbose }', expect.stringContaining('PLX2004 3:15 verbose: log.level must be')],
  ])('are told apart from a mistake: %s', async (settings, finding) => {
    expect(await findings(`${UPSTREAMS}\n${settings}\n`)).toEqual([finding]);
  });

  it('are refused of a plugin that is not there', async () => {
    const upstreams =
      'upstreams: { plugin-crm: { urls: ["http://127.0.0.1:1"] }, plugin-cmr: { limits: {} } }';
    expect(await findings(`${upstreams}\n`)).toEqual([
      'PLX3015 2:60 plugin-cmr: "upstreams" names plugin "plugin-cmr", which is not in this workspace',
    ]);
  });
});

async function findings(settings: string): Promise<readonly string[]> {
  const files = { 'plexica.yaml': `plugins: ["*.json"]\n${settings}`, 'crm.json': CRM };
  return listFindings((await compile(memoryHost({ files }), {})).diagnostics);
}
