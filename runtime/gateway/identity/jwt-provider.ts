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
import { readIdentity } from './claims.ts';
import type { UserIdentityProvider } from './user-identity-provider.ts';

export type JwtProviderConfig = Extract<IdentityProviderConfig, { kind: 'jwt' }>;

/** The smallest RSA key that may sign, in bits (RFC 7518, 3.3). */
const RSA_BITS = 2048;

export interface JwtProviderOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The keys that are published somewhere, as `createRemoteKeySet` makes them. */
  readonly remoteKeys: (uri: URL) => JWTVerifyGetKey;
  readonly log: { warn(message: string): void };
}

/**
 * Users whose tokens an identity provider signs: signature, issuer, audience, times and algorithm are checked. Where
 * tokens are signed as they should be, and refused because the settings expect others, the log is told once.
 *
 * @throws SetupError for a key file that cannot be read or used
 */
export async function createJwtProvider(
  config: JwtProviderConfig,
  claims: ClaimNamesConfig,
  { now, remoteKeys, log }: JwtProviderOptions,
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
  const told = new Set<string>();
  const tell = (why: string | undefined) => {
    if (why === undefined || told.has(why)) return;
    told.add(why);
    log.warn(`a token with a right signature is refused: ${why}; what is alike is not told again`);
  };
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, getKey, { ...options, currentDate: new Date(now()) });
        const reading = readIdentity(payload, claims);
        if (reading.identity === undefined) {
          tell(unfitInWords(reading.unfit, claims));
          return undefined;
        }
        const expiresAt = (payload.exp ?? 0) * 1000 + config.clockTolerance;
        return { identity: reading.identity, expiresAt };
      } catch (error) {
        // jose looks at claims when the signature is right.
        if (error instanceof errors.JWTClaimValidationFailed) tell(MISMATCHES[error.claim]);
        // Every fault of a token has a class of jose's own.
        if (error instanceof errors.JOSEError) return undefined;
        // A published key that is too short for its algorithm, or of another kind.
        if (error instanceof TypeError) throw unusableKey(error);
        throw error;
      }
    },
  };
}

/** Of claims that all tokens of a provider have alike. Those of times are not among them. */
const MISMATCHES: Readonly<Record<string, string>> = {
  iss: 'its "iss" is another than identity.jwt.issuer of plexica.yaml',
  aud: 'its "aud" is another than identity.jwt.audience of plexica.yaml',
  exp: 'it has no "exp", and a token without an end is never taken',
};

function unfitInWords(claim: keyof ClaimNamesConfig, names: ClaimNamesConfig): string {
  const which = `its "${names[claim]}" (identity.claims.${claim})`;
  if (claim === 'permissions') return `${which} is no list of texts, nor one text with spaces between them`;
  const missing = claim === 'tenant' ? 'missing, or ' : '';
  return `${which} is ${missing}no text that can be a header: printable ASCII of at most 256 characters`;
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
