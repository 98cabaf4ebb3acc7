import type { FastifyBaseLogger } from 'fastify';
import { loadDocuments } from './api/load-documents.ts';
import { allowedOrigins } from './api/registration/allowed-origins.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { Deployment, GatewayContext } from './context.ts';
import { loadEventContracts } from './events/event-contracts.ts';
import { createGatewayEvents } from './events/gateway-events.ts';
import { createPlatformEvents } from './hooks/platform-events.ts';
import { createAuthenticate } from './identity/authenticate.ts';
import { createDevelopmentProvider } from './identity/development-provider.ts';
import { createJwtProvider } from './identity/jwt-provider.ts';
import { openKeyStore } from './identity/key-store.ts';
import { provesPlatform } from './identity/platform-token.ts';
import { issuePluginToken } from './identity/plugin-token.ts';
import { createRemoteKeySets } from './identity/remote-key-set.ts';
import { createTokenSigner, type TokenSigner } from './identity/signed-token.ts';
import { createTenantContexts, type TenantContexts } from './identity/tenant-context.ts';
import { systemClock } from './instances/clock.ts';
import { createInstances } from './instances/instances.ts';
import { openRegistrationStore, type RegistrationStore } from './instances/registration-store.ts';
import { createBodyMemory } from './limits/body-memory.ts';
import { createIsolation } from './limits/isolation.ts';
import { createMemoryRateLimitStore } from './limits/memory-rate-limit-store.ts';
import type { RateLimitStore } from './limits/rate-limit-store.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { createRedisRateLimitStore } from './limits/redis-rate-limit-store.ts';
import { createContractLog } from './observability/contract-log.ts';
import { createMetrics } from './observability/metrics.ts';
import { createTracing } from './observability/tracing.ts';
import { prepareClientOf } from './rules/client-address.ts';
import type { PreparedTable } from './table/prepared-table.ts';
import { loadValidation } from './validation/load-validation.ts';

/** What a gateway serves, as it was read: the input of a deployment. */
export interface Setup {
  readonly config: GatewayConfig;
  readonly table: PreparedTable;
}

export interface ChangeableContext extends GatewayContext {
  /**
   * Makes all that another setup needs, and changes nothing yet.
   *
   * @returns serves it from now on; requests under way end with the one that they began with
   * @throws SetupError for one that cannot be served
   */
  prepare(setup: Setup): Promise<() => void>;
}

/**
 * Makes the parts that the gateway's routes share. Nothing runs yet but what reading the keys takes.
 *
 * @param rateLimitStore where requests are counted, if not where the configuration says
 * @param registrationStore who keeps registrations, if not a file in the state folder
 * @throws SetupError for keys, an identity provider or a document that cannot be used
 */
export async function createContext(
  setup: Setup,
  log: FastifyBaseLogger,
  rateLimitStore: RateLimitStore = rateLimitStoreOf(setup.config),
  registrationStore?: RegistrationStore,
): Promise<ChangeableContext> {
  const now = Date.now;
  const keys = await openKeyStore(setup.config.keysFile, { log, clock: systemClock });
  const signer = createTokenSigner(keys, now);
  const contexts = createTenantContexts(signer, now);
  const instances = createInstances({ ...setup, log });
  const isolation = createIsolation();
  const remoteKeys = createRemoteKeySets({ clock: systemClock, log });
  const identity = { signer, contexts, remoteKeys, now, log };
  let deployment = await createDeployment(setup, identity);
  const events = createGatewayEvents(setup.config, log);
  events.prepare(deployment.events);
  const metrics = createMetrics(
    { instances, occupancy: isolation.report, backlogs: () => events.backlogs(deployment.events) },
    setup.table,
  );
  const registrations =
    registrationStore ?? (await openRegistrationStore(setup.config.stateFolder, { log, clock: systemClock }));
  const shared = { deployment: () => deployment, instances, contexts, events, metrics, log };
  const platformEvents = createPlatformEvents(shared);
  return {
    deployment: () => deployment,
    instances,
    registrations,
    contexts,
    keys,
    tokens: {
      async issuePluginToken(pluginId) {
        const { token, expiresAt } = await issuePluginToken(signer, pluginId);
        return { token, expiresAt: new Date(expiresAt) };
      },
    },
    metrics,
    tracing: await createTracing(setup.config.telemetry, metrics, log),
    isolation,
    bodyMemory: createBodyMemory(),
    events,
    platformEvents,
    isPlatform: (authorization) => provesPlatform(signer, authorization),
    rateLimits: createRateLimits({ store: rateLimitStore, metrics, log }),
    log,
    async prepare(next) {
      await keys.refresh();
      const prepared = await createDeployment(next, identity);
      events.prepare(prepared.events);
      return () => {
        instances.reconcile(next);
        metrics.deploy(next.table);
        deployment = prepared;
        events.deploy(prepared.events);
        void platformEvents.follow().catch((error: unknown) => {
          log.error({ err: error }, 'hooks cannot follow the new table');
        });
      };
    },
  };
}

/** What proves who somebody is, whatever is deployed. */
interface IdentityParts {
  readonly signer: TokenSigner;
  readonly contexts: TenantContexts;
  readonly remoteKeys: ReturnType<typeof createRemoteKeySets>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}

async function createDeployment(
  { config, table }: Setup,
  { signer, contexts, remoteKeys, now, log }: IdentityParts,
): Promise<Deployment> {
  const { provider: settings, claims } = config.identity;
  const provider =
    settings.kind === 'jwt'
      ? await createJwtProvider(settings, claims, { now, remoteKeys, log })
      : createDevelopmentProvider(signer, claims, config.host);
  return {
    config,
    table,
    documents: await loadDocuments(config.out, table),
    validation: await loadValidation(config.out, table),
    events: await loadEventContracts(config.out, table),
    authenticate: createAuthenticate({ provider, signer, contexts, table, now }),
    mayRegister: allowedOrigins(config),
    logContract: createContractLog(),
    clientOf: prepareClientOf(config.trustedProxies),
  };
}

function rateLimitStoreOf({ rateLimits: { redis } }: GatewayConfig): RateLimitStore {
  return redis === undefined ? createMemoryRateLimitStore() : createRedisRateLimitStore(redis);
}
