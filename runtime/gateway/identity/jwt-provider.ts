import { readFile } from 'node:fs/promises';
import {
  createRemoteJWKSet,
  errors,
  importJWK,
  importSPKI,
  type JWK,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { ClaimNamesConfig, IdentityProviderConfig, JwtKeySource } from '../config/gateway-config.ts';
import { GatewayError, SetupError } from '../errors.ts';
import { identityOf } from './claims.ts';
import type { UserIdentityProvider } from './user-identity-provider.ts';

export type JwtProviderConfig = Extract<IdentityProviderConfig, { kind: 'jwt' }>;

/** An unknown `kid` fetches the key set again, but no more often than this, in milliseconds. */
const JWKS_COOLDOWN = 1000;
const JWKS_TIMEOUT = 5000;

/**
 * Users whose tokens an identity provider signs: signature, issuer, audience, times and algorithm are checked.
 *
 * @param now milliseconds since 1970
 * @throws SetupError for a key file that cannot be read or used
 */
export async function createJwtProvider(
  config: JwtProviderConfig,
  claims: ClaimNamesConfig,
  now: () => number,
): Promise<UserIdentityProvider> {
  const getKey = await keyGetter(config.key, config.algorithms);
  const options = {
    issuer: config.issuer,
    audience: config.audience,
    algorithms: [...config.algorithms],
    clockTolerance: config.clockTolerance / 1000,
    requiredClaims: ['exp'],
  } satisfies JWTVerifyOptions;
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, getKey, { ...options, currentDate: new Date(now()) });
        const identity = identityOf(payload, claims);
        return identity && { identity, expiresAt: (payload.exp ?? 0) * 1000 + config.clockTolerance };
      } catch (error) {
        // Every fault of a token has a class of jose's own; what is left are faults of ours.
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

async function keyGetter(source: JwtKeySource, algorithms: readonly string[]): Promise<JWTVerifyGetKey> {
  if (source.kind === 'jwks') return remoteKeys(source.uri);
  if (source.kind === 'secret') {
    const secret = new TextEncoder().encode(source.secret);
    return async () => secret;
  }
  const text = await readKeyFile(source.path);
  const keys = new Map<string, Awaited<ReturnType<typeof importJWK>>>();
  for (const algorithm of algorithms) {
    const key = await importKey(text, algorithm).catch(() => undefined);
    if (key !== undefined) keys.set(algorithm, key);
  }
  if (keys.size === 0) {
    throw new SetupError(
      `identity.jwt.publicKeyFile ${source.path} holds no public key for ${algorithms.join(', ')}: ` +
        'it must be a PEM file that begins with "-----BEGIN PUBLIC KEY-----", or a JWK, of the right kind',
    );
  }
  return async ({ alg }) => keys.get(alg) ?? noKey();
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`identity.jwt.publicKeyFile ${path} cannot be read: ${why}`, { cause });
  }
}

async function importKey(text: string, algorithm: string) {
  if (text.includes('-----BEGIN')) return importSPKI(text, algorithm);
  const { d: _private, k, ...jwk }: JWK = JSON.parse(text);
  // A symmetric key in place of a public one would let anybody who has the file sign.
  return k === undefined ? importJWK(jwk, algorithm) : undefined;
}

function noKey(): never {
  throw new errors.JWKSNoMatchingKey();
}

function remoteKeys(uri: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(uri, { cooldownDuration: JWKS_COOLDOWN, timeoutDuration: JWKS_TIMEOUT });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (isFaultOfToken(error)) throw error;
      throw new GatewayError(
        'identity-unavailable',
        'tokens cannot be checked now: the identity provider does not answer',
        {
          headers: { 'retry-after': '1' },
          cause: error,
        },
      );
    }
  };
}

/** The key set came, and holds no key, or no single key, for what the token says. */
function isFaultOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
