import type { FastifyBaseLogger } from 'fastify';
import type { Documents } from './api/load-documents.ts';
import type { MayRegister } from './api/registration/allowed-origins.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { TenantContexts } from './identity/tenant-context.ts';
import type { Instances } from './instances/instances.ts';
import type { Metrics } from './observability/metrics.ts';
import type { Caller } from './rules/caller.ts';
import type { PreparedTable } from './table/prepared-table.ts';

/** What the parts of a running gateway share. Made once by `createContext`; only the deployment is ever another. */
export interface GatewayContext {
  /** What is served now. A request reads it once, and keeps it to its end. */
  deployment(): Deployment;
  readonly instances: Instances;
  readonly contexts: TenantContexts;
  readonly tokens: TokenIssuer;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
}

/** A configuration, a table and what is made of both: swapped as one by a reload, changed by nobody. */
export interface Deployment {
  readonly config: GatewayConfig;
  readonly table: PreparedTable;
  readonly documents: Documents;
  readonly authenticate: Authenticate;
  readonly mayRegister: MayRegister;
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
