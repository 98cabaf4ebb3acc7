import { readFile } from 'node:fs/promises';
import {
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

/** The smallest RSA key that may sign, in bits (RFC 7518, 3.3). */
const RSA_BITS = 2048;

/**
 * Users whose tokens an identity provider signs: signature, issuer, audience, times and algorithm are checked.
 *
 * @param now milliseconds since 1970
 * @param remoteKeys the keys that are published somewhere, as `createRemoteKeySet` makes them
 * @throws SetupError for a key file that cannot be read or used
 */
export async function createJwtProvider(
  config: JwtProviderConfig,
  claims: ClaimNamesConfig,
  now: () => number,
  remoteKeys: (uri: URL) => JWTVerifyGetKey,
): Promise<UserIdentityProvider> {
  const getKey =
    config.key.kind === 'jwks' ? remoteKeys(config.key.uri) : await ownKey(config.key, config.algorithms);
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
        // Every fault of a token has a class of jose's own.
        if (error instanceof errors.JOSEError) return undefined;
        // A published key that is too short for its algorithm, or of another kind.
        if (error instanceof TypeError) throw unusableKey(error);
        throw error;
      }
    },
  };
}

/** A key that stands in the configuration, or in a file that it names. */
async function ownKey(
  source: Exclude<JwtKeySource, { kind: 'jwks' }>,
  algorithms: readonly string[],
): Promise<JWTVerifyGetKey> {
  if (source.kind === 'secret') {
    const secret = new TextEncoder().encode(source.secret);
    return async () => secret;
  }
  const text = await readKeyFile(source.path);
  const keys = new Map<string, Awaited<ReturnType<typeof importJWK>>>();
  for (const algorithm of algorithms) {
    const key = await importKey(text, algorithm).catch(() => undefined);
    if (key !== undefined && isLongEnough(key)) keys.set(algorithm, key);
  }
  if (keys.size === 0) {
    throw new SetupError(
      `identity.jwt.publicKeyFile ${source.path} holds no public key for ${algorithms.join(', ')}: ` +
        'it must be a PEM file that begins with "-----BEGIN PUBLIC KEY-----", or a JWK, of the right kind; RSA keys have 2048 bits or more',
    );
  }
  return async ({ alg }) => keys.get(alg) ?? noKey();
}

function unusableKey(cause: TypeError): GatewayError {
  return new GatewayError(
    'identity-unavailable',
    'the token cannot be checked: the key that signed it is not fit for its algorithm',
    { headers: { 'retry-after': '60' }, cause },
  );
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

function isLongEnough(key: Awaited<ReturnType<typeof importJWK>>): boolean {
  const bits =
    'algorithm' in key && 'modulusLength' in key.algorithm ? key.algorithm.modulusLength : undefined;
  return typeof bits !== 'number' || bits >= RSA_BITS;
}

function noKey(): never {
  throw new errors.JWKSNoMatchingKey();
}
