import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bytes, type Environment, milliseconds } from '@plexica/types';
import { SetupError } from '../errors.ts';
import { corsOf } from './cors-settings.ts';
import { eventsOf } from './events-settings.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { circuitOf, healthOf, retryOf } from './health-settings.ts';
import { identityOf } from './identity-settings.ts';
import { positiveDuration } from './positive-duration.ts';
import { rateLimitsOf } from './rate-limit-settings.ts';
import { readWorkspace, type WorkspaceDocument } from './read-workspace.ts';
import { logOf, telemetryOf } from './telemetry-settings.ts';
import { trustedProxiesOf } from './trusted-proxies.ts';
import { sharedUpstreamOf, upstreamsOf } from './upstream-settings.ts';

/**
 * What the gateway does where plexica.yaml says nothing, as far as the files beside this one do not say it; the
 * schema's descriptions say the same.
 */
const DEFAULTS = {
  out: 'generated',
  host: '127.0.0.1',
  port: 4000,
  maxBody: '10MiB',
  timeout: '30s',
  state: '.plexica',
  workers: 1,
  drain: '10s',
} as const;

/**
 * Reads plexica.yaml: variables of the environment put in, checked, defaults filled in.
 *
 * @param path of plexica.yaml
 * @throws SetupError that tells all that is wrong, with lines
 */
export async function loadConfig(path: string, environment: Environment): Promise<GatewayConfig> {
  const file = resolve(path);
  const document = readWorkspace(await read(file), basename(file), environment);
  return configOf(document, file, environment);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new SetupError(
      missing
        ? `there is no ${file}; run this in the folder of plexica.yaml, or name it with --config FILE`
        : `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function configOf(document: WorkspaceDocument, file: string, environment: Environment): GatewayConfig {
  const { value, at } = document;
  const { gateway = {}, telemetry } = value;
  const { host, port, maxBody, timeout, keys, state, workers, drain, trustedProxies, cors } = gateway;
  const folder = dirname(file);
  const stateFolder = resolve(folder, state ?? DEFAULTS.state);
  const shared = sharedUpstreamOf(value);
  return {
    file,
    folder,
    out: resolve(folder, value.out ?? DEFAULTS.out),
    host: host ?? DEFAULTS.host,
    port: port ?? DEFAULTS.port,
    maxBody: bytes(maxBody ?? DEFAULTS.maxBody),
    timeout: positiveDuration(timeout ?? DEFAULTS.timeout, 'gateway.timeout', at('gateway', 'timeout')),
    keysFile: keys === undefined ? join(stateFolder, 'keys.json') : resolve(folder, keys),
    stateFolder,
    workers: workers ?? DEFAULTS.workers,
    drain: milliseconds(drain ?? DEFAULTS.drain),
    trustedProxies: trustedProxiesOf(trustedProxies ?? [], document),
    cors: cors && corsOf(cors, document),
    identity: identityOf(value.identity ?? {}, folder, document),
    upstreams: upstreamsOf(shared, document),
    health: healthOf(value.health ?? {}, document),
    circuit: circuitOf(value.circuit ?? {}, document),
    retry: retryOf(value.retry ?? {}),
    ...shared,
    rateLimits: rateLimitsOf(value.rateLimits ?? {}, document),
    telemetry: telemetry && telemetryOf(telemetry, document),
    log: logOf(value.log ?? {}, environment),
    events: eventsOf(value.events ?? {}, folder, document),
  };
}
