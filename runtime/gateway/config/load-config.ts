import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import {
  bytes,
  type ClaimNames,
  type Environment,
  type JwtSettings,
  milliseconds,
  type UpstreamSettings,
} from '@plexica/types';
import { SetupError } from '../errors.ts';
import type {
  ClaimNamesConfig,
  GatewayConfig,
  IdentityProviderConfig,
  JwtKeySource,
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
  keys: '.plexica/keys.json',
  clockTolerance: '5s',
  claims: { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' },
  health: { interval: '5s', timeout: '1s', slow: '500ms', rise: 2, fall: 3 },
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
  return configOf(document, file);
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

function configOf(document: WorkspaceDocument, file: string): GatewayConfig {
  const { gateway = {}, identity = {}, upstreams = {}, health = {}, out = DEFAULTS.out } = document.value;
  const folder = dirname(file);
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
    keysFile: resolve(folder, gateway.keys ?? DEFAULTS.keys),
    identity: {
      provider: providerOf(identity.provider ?? 'development', identity.jwt, folder, document),
      claims: claimsOf(identity.claims ?? {}),
    },
    upstreams: new Map(
      Object.entries(upstreams).map(([pluginId, settings]) => [
        pluginId,
        upstreamOf(pluginId, settings, document),
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
  };
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

function upstreamOf(pluginId: string, settings: UpstreamSettings, { at }: WorkspaceDocument): UpstreamConfig {
  const { urls = [], allowRegistration = [], timeout, maxBody } = settings;
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
