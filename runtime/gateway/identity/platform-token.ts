import { type SignedToken, TOKEN_TYPE, type TokenSigner } from './signed-token.ts';

/** How long a platform token is good for unless it is asked for otherwise, in milliseconds. */
const PLATFORM_TOKEN_LIFETIME = 12 * 3_600_000;

/** A token with which the platform itself publishes core events, for any tenant. It is good for nothing else. */
export function issuePlatformToken(
  signer: TokenSigner,
  lifetime: number = PLATFORM_TOKEN_LIFETIME,
): Promise<SignedToken> {
  return signer.sign(TOKEN_TYPE.platform, { sub: 'platform' }, lifetime);
}

/** Whether an `Authorization` header holds a platform token that is good now. */
export async function provesPlatform(
  signer: TokenSigner,
  authorization: string | undefined,
): Promise<boolean> {
  const token = /^Bearer +([A-Za-z0-9._-]{1,8192}) *$/i.exec(authorization ?? '')?.[1];
  return token !== undefined && (await signer.verify(TOKEN_TYPE.platform, token)) !== undefined;
}
