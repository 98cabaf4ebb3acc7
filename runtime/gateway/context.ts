import type { FastifyBaseLogger } from 'fastify';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { TenantContexts } from './identity/tenant-context.ts';
import type { Instances } from './instances/instances.ts';
import type { Caller } from './rules/caller.ts';
import type { PreparedTable } from './table/prepared-table.ts';

/** What the parts of a running gateway share. Made by `createGateway`, read by everybody, changed by nobody. */
export interface GatewayContext {
  readonly config: GatewayConfig;
  readonly table: PreparedTable;
  readonly instances: Instances;
  readonly authenticate: Authenticate;
  readonly contexts: TenantContexts;
  readonly tokens: TokenIssuer;
  readonly log: FastifyBaseLogger;
}

/**
 * Who makes a request, from the values of `Authorization` and `X-Plexica-Context`.
 *
 * @throws GatewayError `token-invalid`, `tenant-context-invalid`, `identity-unavailable`
 */
export type Authenticate = (
  authorization: string | undefined,
  tenantContext: string | undefined,
) => Promise<Caller>;

export interface TokenIssuer {
  /** A token with which a plugin proves who it is. */
  issuePluginToken(pluginId: string): Promise<IssuedToken>;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}
