import type { PreparedTable } from '../table/prepared-table.ts';
import { type SignedToken, TOKEN_TYPE, type TokenSigner } from './signed-token.ts';

/** How long a plugin token is good for unless it is asked for otherwise, in milliseconds. */
export const PLUGIN_TOKEN_LIFETIME = 12 * 3_600_000;

/** A token with which a plugin proves who it is. */
export function issuePluginToken(
  signer: TokenSigner,
  pluginId: string,
  lifetime: number = PLUGIN_TOKEN_LIFETIME,
): Promise<SignedToken> {
  return signer.sign(TOKEN_TYPE.plugin, { sub: pluginId }, lifetime);
}

export interface VerifiedPlugin {
  readonly pluginId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Whose token it is; undefined for a wrong one, and for a plugin that the table does not have (any more). */
export async function verifyPluginToken(
  signer: TokenSigner,
  table: PreparedTable,
  token: string,
): Promise<VerifiedPlugin | undefined> {
  const verified = await signer.verify(TOKEN_TYPE.plugin, token);
  const pluginId = verified?.claims.sub;
  if (verified === undefined || pluginId === undefined || !table.plugins.has(pluginId)) return undefined;
  return { pluginId, expiresAt: verified.expiresAt };
}
