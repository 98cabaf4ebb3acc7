import { resolve } from 'node:path';
import { type IdentitySettings, type JwtSettings, milliseconds } from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { IdentityConfig, IdentityProviderConfig, JwtKeySource } from './gateway-config.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

const CLAIMS = { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };
const CLOCK_TOLERANCE = '5s';

/**
 * Who tells the gateway who its users are.
 *
 * @param folder to which relative paths refer
 * @throws SetupError for a provider without its settings, a key that cannot be named, algorithms that do not fit the key
 */
export function identityOf(
  { provider = 'development', jwt, claims }: IdentitySettings,
  folder: string,
  document: WorkspaceDocument,
): IdentityConfig {
  return {
    provider: provider === 'development' ? { kind: provider } : jwtProviderOf(jwt, folder, document),
    claims: { ...CLAIMS, ...claims },
  };
}

function jwtProviderOf(
  jwt: JwtSettings | undefined,
  folder: string,
  { at }: WorkspaceDocument,
): IdentityProviderConfig {
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
    kind: 'jwt',
    issuer: jwt.issuer,
    audience: jwt.audience,
    algorithms,
    key,
    clockTolerance: milliseconds(jwt.clockTolerance ?? CLOCK_TOLERANCE),
  };
}

function keySourceOf(jwt: JwtSettings, folder: string, where: string): JwtKeySource {
  if (jwt.secret !== undefined) return { kind: 'secret', secret: jwt.secret };
  if (jwt.publicKeyFile !== undefined) return { kind: 'file', path: resolve(folder, jwt.publicKeyFile) };
  const uri = jwt.jwksUri ?? '';
  if (!URL.canParse(uri)) throw new SetupError(`${where}: identity.jwt.jwksUri is not a URL: ${uri}`);
  const { username, password, href } = new URL(uri);
  if (username !== '' || password !== '') {
    throw new SetupError(
      `${where}: identity.jwt.jwksUri has a user name or password, which is never sent: leave it out`,
    );
  }
  return { kind: 'jwks', uri: new URL(href) };
}
