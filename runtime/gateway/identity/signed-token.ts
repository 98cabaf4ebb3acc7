import type { KeyObject } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { KeyStore } from './key-store.ts';
import type { SigningKeys } from './keys.ts';

/** The kinds of tokens that the gateway signs, as their header's `typ` tells them apart. */
export const TOKEN_TYPE = {
  development: 'plexica-development+jwt',
  plugin: 'plexica-plugin+jwt',
  context: 'plexica-context+jwt',
  platform: 'plexica-platform+jwt',
} as const;

export type TokenType = (typeof TOKEN_TYPE)[keyof typeof TOKEN_TYPE];

export interface SignedToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Signs and verifies the gateway's own tokens: HS256, with the kind in `typ`, so that none passes for another. */
export interface TokenSigner {
  /** @param lifetime in milliseconds */
  sign(type: TokenType, claims: JWTPayload, lifetime: number): Promise<SignedToken>;
  /**
   * The claims, or undefined for a token that is not of this kind, not ours, changed or expired.
   *
   * @param overdue how long ago it may have expired, in milliseconds; not at all unless stated
   */
  verify(
    type: TokenType,
    token: string,
    audience?: string,
    overdue?: number,
  ): Promise<VerifiedClaims | undefined>;
  /** Another number once a key was taken away: what was verified before may no longer be. */
  generation(): number;
}

export interface VerifiedClaims {
  readonly claims: JWTPayload;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * @param keys those of a key store follow their file; others stay as they are
 * @param now milliseconds since 1970
 */
export function createTokenSigner(keys: SigningKeys | KeyStore, now: () => number): TokenSigner {
  const store = 'find' in keys ? keys : undefined;
  return {
    async sign(type, claims, lifetime) {
      const { kid, secret } = keys.current;
      const issuedAt = Math.floor(now() / 1000);
      const expires = issuedAt + Math.max(1, Math.floor(lifetime / 1000));
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: type, kid })
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(secret);
      return { token, expiresAt: expires * 1000 };
    },
    async verify(type, token, audience, overdue = 0) {
      try {
        const { payload } = await jwtVerify(token, ({ kid }) => keyFor(kid), {
          typ: type,
          algorithms: ['HS256'],
          requiredClaims: ['exp'],
          currentDate: new Date(now()),
          clockTolerance: overdue / 1000,
          ...(audience === undefined ? {} : { audience }),
        });
        return { claims: payload, expiresAt: (payload.exp ?? 0) * 1000 };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    generation: () => store?.generation() ?? 0,
  };

  async function keyFor(kid: unknown): Promise<KeyObject> {
    const key = typeof kid === 'string' ? (keys.byId.get(kid) ?? (await store?.find(kid))) : undefined;
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return key;
  }
}
