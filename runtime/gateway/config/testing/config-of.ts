import { join } from 'node:path';
import type { GatewayConfig, UpstreamConfig } from '../gateway-config.ts';

const LIMITS = { maxConcurrent: 256, maxQueue: 256, queueTimeout: 1_000 } as const;

/** A plugin's upstream as plexica.yaml fills it in, where a test says nothing else. */
export function upstreamOf(rest: Partial<UpstreamConfig> = {}): UpstreamConfig {
  return {
    urls: [],
    allowRegistration: [],
    timeout: undefined,
    maxBody: undefined,
    actAsTenants: [],
    limits: LIMITS,
    dependencyPolicy: 'degrade',
    ...rest,
  };
}

/** The configuration of a gateway in a folder of a test's own. Health checks come once, and one decides. */
export function configOf(folder: string, rest: Partial<GatewayConfig> = {}): GatewayConfig {
  return {
    file: join(folder, 'plexica.yaml'),
    folder,
    out: join(folder, 'generated'),
    host: '127.0.0.1',
    port: 0,
    maxBody: 1024 * 1024,
    timeout: 10_000,
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
    health: { interval: 60_000, timeout: 5_000, slow: 4_000, rise: 1, fall: 1 },
    circuit: { failures: 5, window: 10_000, open: 5_000 },
    retry: { budget: 0.2 },
    limits: LIMITS,
    dependencyPolicy: 'degrade',
    rateLimits: { tenant: undefined, caller: undefined, redis: undefined },
    telemetry: undefined,
    log: { level: 'info', access: true },
    events: {
      transport: { kind: 'embedded' },
      retention: 604_800_000,
      maxSize: 1024 ** 3,
      retry: { attempts: 3, initial: 10, max: 50 },
      apiRequests: { sample: 1, every: 50 },
    },
    ...rest,
  };
}
