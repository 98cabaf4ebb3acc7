import type { TenantIdentity } from '../rules/caller.ts';

/** Says who a user's token stands for. */
export interface UserIdentityProvider {
  /**
   * Undefined for a token that is wrong in any way; which way is not told.
   *
   * @throws GatewayError `identity-unavailable` where the keys cannot be had, which is not the token's fault
   */
  verify(token: string): Promise<VerifiedUser | undefined>;
}

export interface VerifiedUser {
  readonly identity: TenantIdentity;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}
