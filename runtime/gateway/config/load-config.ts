import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import {
  bytes,
  type ClaimNames,
  type CorsSettings,
  type Environment,
  type JwtSettings,
  type LimitsSettings,
  milliseconds,
  type RateLimitSettings,
  type TelemetrySettings,
  type UpstreamSettings,
} from '@plexica/types';
import { SetupError } from '../errors.ts';
import type {
  ClaimNamesConfig,
  CorsConfig,
  GatewayConfig,
  IdentityProviderConfig,
  JwtKeySource,
  LimitsConfig,
  RateLimit,
  TelemetryConfig,
  UpstreamConfig,
} from './gateway-config.ts';
import { readWorkspace, type WorkspaceDocument } from './read-workspace.ts';

/** What the gateway does where plexica.yaml says nothing; the schema's descriptions say the same. */
const DEFAULTS = {
  out: 'generated',
  host: '127.0.0.1',
  port: 4000,
  maxBody: '10MiB',
  timeout: '30s',
  state: '.plexica',
  workers: 1,
  drain: '10s',
  corsMaxAge: '10m',
  clockTolerance: '5s',
  claims: { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' },
  health: { interval: '5s', timeout: '1s', slow: '500ms', rise: 2, fall: 3 },
  circuit: { failures: 5, window: '10s', open: '5s' },
  retryBudget: 0.2,
  limits: { maxConcurrent: 256, maxQueue: 256, queueTimeout: '1s' },
  serviceName: 'plexica-gateway',
  logLevel: 'info',
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
  const { gateway = {}, identity = {}, upstreams = {}, health = {}, circuit = {}, log = {} } = document.value;
  const { out = DEFAULTS.out, retry = {}, rateLimits = {}, telemetry } = document.value;
  const folder = dirname(file);
  const stateFolder = resolve(folder, gateway.state ?? DEFAULTS.state);
  const shared: SharedUpstreamConfig = {
    limits: limitsOf(document.value.limits ?? {}, DEFAULT_LIMITS),
    dependencyPolicy: document.value.dependencyPolicy ?? 'degrade',
  };
  return {
    file,
    folder,
    out: resolve(folder, out),
    host: gateway.host ?? DEFAULTS.host,
    port: gateway.port ?? DEFAULTS.port,
    maxBody: bytes(gateway.maxBody ?? DEFAULTS.maxBody),
    timeout: positive(
      gateway.timeout ?? DEFAULTS.timeout,
      'gateway.timeout',
      document.at('gateway', 'timeout'),
    ),
    keysFile: gateway.keys === undefined ? join(stateFolder, 'keys.json') : resolve(folder, gateway.keys),
    stateFolder,
    workers: gateway.workers ?? DEFAULTS.workers,
    drain: milliseconds(gateway.drain ?? DEFAULTS.drain),
    trustedProxies: trustedProxiesOf(gateway.trustedProxies ?? [], document),
    cors: gateway.cors && corsOf(gateway.cors, document),
    identity: {
      provider: providerOf(identity.provider ?? 'development', identity.jwt, folder, document),
      claims: claimsOf(identity.claims ?? {}),
    },
    upstreams: new Map(
      Object.entries(upstreams).map(([pluginId, settings]) => [
        pluginId,
        upstreamOf(pluginId, settings, shared, document),
      ]),
    ),
    health: {
      interval: positive(
        health.interval ?? DEFAULTS.health.interval,
        'health.interval',
        document.at('health', 'interval'),
      ),
      timeout: positive(
        health.timeout ?? DEFAULTS.health.timeout,
        'health.timeout',
        document.at('health', 'timeout'),
      ),
      slow: milliseconds(health.slow ?? DEFAULTS.health.slow),
      rise: health.rise ?? DEFAULTS.health.rise,
      fall: health.fall ?? DEFAULTS.health.fall,
    },
    circuit: {
      failures: circuit.failures ?? DEFAULTS.circuit.failures,
      window: positive(
        circuit.window ?? DEFAULTS.circuit.window,
        'circuit.window',
        document.at('circuit', 'window'),
      ),
      open: positive(circuit.open ?? DEFAULTS.circuit.open, 'circuit.open', document.at('circuit', 'open')),
    },
    retry: { budget: retry.budget ?? DEFAULTS.retryBudget },
    ...shared,
    rateLimits: {
      tenant: rateLimits.tenant && rateLimitOf(rateLimits.tenant, 'tenant', document),
      caller: rateLimits.caller && rateLimitOf(rateLimits.caller, 'caller', document),
      redis: rateLimits.redis === undefined ? undefined : redisOf(rateLimits.redis, document),
    },
    telemetry: telemetry && telemetryOf(telemetry, document),
    log: { level: environment.LOG_LEVEL ?? log.level ?? DEFAULTS.logLevel, access: log.access ?? true },
  };
}

/** What every plugin has unless its upstream says otherwise. */
type SharedUpstreamConfig = Pick<UpstreamConfig, 'limits' | 'dependencyPolicy'>;

const DEFAULT_LIMITS: LimitsConfig = {
  ...DEFAULTS.limits,
  queueTimeout: milliseconds(DEFAULTS.limits.queueTimeout),
};

function limitsOf(limits: LimitsSettings, otherwise: LimitsConfig): LimitsConfig {
  return {
    maxConcurrent: limits.maxConcurrent ?? otherwise.maxConcurrent,
    maxQueue: limits.maxQueue ?? otherwise.maxQueue,
    queueTimeout:
      limits.queueTimeout === undefined ? otherwise.queueTimeout : milliseconds(limits.queueTimeout),
  };
}

function rateLimitOf(
  { max, window }: RateLimitSettings,
  whose: 'tenant' | 'caller',
  { at }: WorkspaceDocument,
): RateLimit {
  const name = `rateLimits.${whose}.window`;
  return { max, windowMs: positive(window, name, at('rateLimits', whose, 'window')) };
}

function redisOf(text: string, { at }: WorkspaceDocument): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new SetupError(
    `${at('rateLimits', 'redis')}: rateLimits.redis is not a URL such as redis://127.0.0.1:6379`,
  );
}

function telemetryOf(
  { otlp, serviceName, sample }: TelemetrySettings,
  { at }: WorkspaceDocument,
): TelemetryConfig {
  if (!URL.canParse(otlp)) {
    throw new SetupError(`${at('telemetry', 'otlp')}: telemetry.otlp is not a URL: ${otlp}`);
  }
  return { otlp: new URL(otlp), serviceName: serviceName ?? DEFAULTS.serviceName, sample: sample ?? 1 };
}

function corsOf({ origins, credentials, maxAge }: CorsSettings, { at }: WorkspaceDocument): CorsConfig {
  for (const [index, origin] of origins.entries()) {
    if (isOriginPattern(origin)) continue;
    throw new SetupError(
      `${at('gateway', 'cors', 'origins', index)}: gateway.cors.origins lists "${origin}", which is no origin; ` +
        'it is a scheme, a host and perhaps a port, such as https://app.example.com or https://*.example.com',
    );
  }
  return { origins, credentials: credentials ?? false, maxAge: milliseconds(maxAge ?? DEFAULTS.corsMaxAge) };
}

/** One leading `*.` stands for any subdomain. */
function isOriginPattern(text: string): boolean {
  const url = URL.parse(text.replace('://*.', '://any.'));
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.replace('://*.', '://any.');
}

function trustedProxiesOf(proxies: readonly string[], { at }: WorkspaceDocument): readonly string[] {
  for (const [index, proxy] of proxies.entries()) {
    if (isSubnet(proxy)) continue;
    throw new SetupError(
      `${at('gateway', 'trustedProxies', index)}: gateway.trustedProxies lists "${proxy}", which is neither an ` +
        'IP address nor a subnet such as 10.0.0.0/8',
    );
  }
  return proxies;
}

function isSubnet(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

function claimsOf(claims: ClaimNames): ClaimNamesConfig {
  return { ...DEFAULTS.claims, ...claims };
}

function providerOf(
  kind: 'development' | 'jwt',
  jwt: JwtSettings | undefined,
  folder: string,
  { at }: WorkspaceDocument,
): IdentityProviderConfig {
  if (kind === 'development') return { kind };
  if (jwt === undefined) {
    throw new SetupError(
      `${at('identity', 'provider')}: identity.provider is jwt, and identity.jwt is missing; ` +
        'it says issuer, audience, and one of jwksUri, publicKeyFile and secret',
    );
  }
  const key = keySourceOf(jwt, folder, at('identity', 'jwt', 'jwksUri'));
  const algorithms: readonly string[] = jwt.algorithms ?? [key.kind === 'secret' ? 'HS256' : 'RS256'];
  for (const algorithm of algorithms) {
    if (algorithm.startsWith('HS') === (key.kind === 'secret')) continue;
    throw new SetupError(
      `${at('identity', 'jwt', 'algorithms')}: identity.jwt.algorithms lists ${algorithm}, which ` +
        (key.kind === 'secret'
          ? 'needs a public key, and identity.jwt has a secret; use HS256, HS384 or HS512'
          : 'needs a secret, and identity.jwt has a public key: anybody could sign with it'),
    );
  }
  return {
    kind,
    issuer: jwt.issuer,
    audience: jwt.audience,
    algorithms,
    key,
    clockTolerance: milliseconds(jwt.clockTolerance ?? DEFAULTS.clockTolerance),
  };
}

function keySourceOf(jwt: JwtSettings, folder: string, where: string): JwtKeySource {
  if (jwt.secret !== undefined) return { kind: 'secret', secret: jwt.secret };
  if (jwt.publicKeyFile !== undefined) return { kind: 'file', path: resolve(folder, jwt.publicKeyFile) };
  const uri = jwt.jwksUri ?? '';
  if (!URL.canParse(uri)) throw new SetupError(`${where}: identity.jwt.jwksUri is not a URL: ${uri}`);
  return { kind: 'jwks', uri: new URL(uri) };
}

function upstreamOf(
  pluginId: string,
  settings: UpstreamSettings,
  shared: SharedUpstreamConfig,
  { at }: WorkspaceDocument,
): UpstreamConfig {
  const { urls = [], allowRegistration = [], actAsTenants = [], timeout, maxBody } = settings;
  return {
    urls: urls.map((url, index) =>
      baseUrlOf(url, `upstreams.${pluginId}`, at('upstreams', pluginId, 'urls', index)),
    ),
    allowRegistration,
    timeout:
      timeout === undefined
        ? undefined
        : positive(timeout, `upstreams.${pluginId}.timeout`, at('upstreams', pluginId, 'timeout')),
    maxBody: maxBody === undefined ? undefined : bytes(maxBody),
    actAsTenants,
    limits: limitsOf(settings.limits ?? {}, shared.limits),
    dependencyPolicy: settings.dependencyPolicy ?? shared.dependencyPolicy,
  };
}

function baseUrlOf(text: string, name: string, where: string): URL {
  if (!URL.canParse(text)) throw new SetupError(`${where}: ${name} lists "${text}", which is not a URL`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new SetupError(
      `${where}: ${name} lists a URL with credentials, a query or a fragment; ` +
        'a base URL has a scheme, a host, a port and a path alone',
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** A time limit or an interval of nothing would stop everything. */
function positive(duration: string, name: string, where: string): number {
  const value = milliseconds(duration);
  if (value > 0) return value;
  throw new SetupError(`${where}: ${name} must be longer than ${duration}`);
}
