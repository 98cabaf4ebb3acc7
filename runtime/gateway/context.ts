import type { FastifyBaseLogger } from 'fastify';
import type { Documents } from './api/load-documents.ts';
import type { MayRegister } from './api/registration/allowed-origins.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { EventContracts } from './events/event-contracts.ts';
import type { GatewayEvents } from './events/gateway-events.ts';
import type { PlatformEvents } from './hooks/platform-events.ts';
import type { KeyStore } from './identity/key-store.ts';
import type { TenantContexts } from './identity/tenant-context.ts';
import type { Instances } from './instances/instances.ts';
import type { RegistrationStore } from './instances/registration-store.ts';
import type { BodyMemory } from './limits/body-memory.ts';
import type { Isolation } from './limits/isolation.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import type { LogContract } from './observability/contract-log.ts';
import type { Metrics } from './observability/metrics.ts';
import type { Tracing } from './observability/tracing.ts';
import type { Caller } from './rules/caller.ts';
import type { ClientOf } from './rules/client-address.ts';
import type { PreparedTable } from './table/prepared-table.ts';
import type { Validation } from './validation/load-validation.ts';

/** What the parts of a running gateway share. Made once by `createContext`; only the deployment is ever another. */
export interface GatewayContext {
  /** What is served now. A request reads it once, and keeps it to its end. */
  deployment(): Deployment;
  readonly instances: Instances;
  /** Keeps who is registered beyond the life of this process. */
  readonly registrations: RegistrationStore;
  readonly contexts: TenantContexts;
  /** The gateway's own; a reload reads them anew. */
  readonly keys: Pick<KeyStore, 'refresh' | 'watch' | 'current' | 'byId'>;
  readonly tokens: TokenIssuer;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** The places of each plugin. */
  readonly isolation: Isolation;
  /** The bodies of each plugin that are read before they are sent. */
  readonly bodyMemory: BodyMemory;
  readonly rateLimits: RateLimits;
  readonly events: GatewayEvents;
  readonly platformEvents: PlatformEvents;
  /** Whether an `Authorization` header is the platform's own. */
  readonly isPlatform: (authorization: string | undefined) => Promise<boolean>;
  readonly log: FastifyBaseLogger;
}

/** A configuration, a table and what is made of both: swapped as one by a reload, changed by nobody. */
export interface Deployment {
  readonly config: GatewayConfig;
  readonly table: PreparedTable;
  readonly documents: Documents;
  readonly validation: Validation;
  readonly events: EventContracts;
  readonly authenticate: Authenticate;
  readonly mayRegister: MayRegister;
  /** Tells each difference once in its time. */
  readonly logContract: LogContract;
  /** Who is behind the trusted proxies. */
  readonly clientOf: ClientOf;
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
