import { isIPv4 } from 'node:net';
import type { ClaimNamesConfig } from '../config/gateway-config.ts';
import { SetupError } from '../errors.ts';
import type { TenantIdentity } from '../rules/caller.ts';
import { claimsOf, identityOf } from './claims.ts';
import { type SignedToken, TOKEN_TYPE, type TokenSigner } from './signed-token.ts';
import type { UserIdentityProvider } from './user-identity-provider.ts';

/**
 * Users whose tokens the gateway signs itself, with `plexica-gateway token`. For development: anybody who can read the
 * keys is anybody.
 *
 * @param host on which the gateway will listen
 * @throws SetupError for an address that others could reach
 */
export function createDevelopmentProvider(
  signer: TokenSigner,
  claims: ClaimNamesConfig,
  host: string,
): UserIdentityProvider {
  if (!isLoopback(host)) {
    throw new SetupError(
      `identity.provider is development, and gateway.host is ${host}, which others can reach: ` +
        'set gateway.host to 127.0.0.1, or configure identity.provider jwt in plexica.yaml',
    );
  }
  return {
    async verify(token) {
      const verified = await signer.verify(TOKEN_TYPE.development, token);
      const identity = verified && identityOf(verified.claims, claims);
      return identity && { identity, expiresAt: verified.expiresAt };
    },
  };
}

/** @param lifetime in milliseconds */
export function issueDevelopmentToken(
  signer: TokenSigner,
  claims: ClaimNamesConfig,
  identity: TenantIdentity,
  lifetime: number,
): Promise<SignedToken> {
  return signer.sign(TOKEN_TYPE.development, claimsOf(identity, claims), lifetime);
}

/** Whether an address to listen on is reached from this machine alone. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
