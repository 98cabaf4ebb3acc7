import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { SigningKeys } from './keys.ts';

/** The kinds of tokens that the gateway signs, as their header's `typ` tells them apart. */
export const TOKEN_TYPE = {
  development: 'plexica-development+jwt',
  plugin: 'plexica-plugin+jwt',
  context: 'plexica-context+jwt',
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
  /** The claims, or undefined for a token that is not of this kind, not ours, changed or expired. */
  verify(type: TokenType, token: string, audience?: string): Promise<VerifiedClaims | undefined>;
}

export interface VerifiedClaims {
  readonly claims: JWTPayload;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** @param now milliseconds since 1970 */
export function createTokenSigner(keys: SigningKeys, now: () => number): TokenSigner {
  return {
    async sign(type, claims, lifetime) {
      const issuedAt = Math.floor(now() / 1000);
      const expires = issuedAt + Math.max(1, Math.floor(lifetime / 1000));
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: type, kid: keys.current.kid })
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(keys.current.secret);
      return { token, expiresAt: expires * 1000 };
    },
    async verify(type, token, audience) {
      try {
        const { payload } = await jwtVerify(token, (header) => keyFor(keys, header.kid), {
          typ: type,
          algorithms: ['HS256'],
          requiredClaims: ['exp'],
          currentDate: new Date(now()),
          ...(audience === undefined ? {} : { audience }),
        });
        return { claims: payload, expiresAt: (payload.exp ?? 0) * 1000 };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

function keyFor(keys: SigningKeys, kid: string | undefined) {
  const key = kid === undefined ? undefined : keys.byId.get(kid);
  if (key === undefined) throw new errors.JWKSNoMatchingKey();
  return key;
}
