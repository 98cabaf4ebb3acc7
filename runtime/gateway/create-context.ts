import type { FastifyBaseLogger } from 'fastify';
import { loadDocuments } from './api/load-documents.ts';
import { allowedOrigins } from './api/registration/allowed-origins.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { Deployment, GatewayContext } from './context.ts';
import { createAuthenticate } from './identity/authenticate.ts';
import { createDevelopmentProvider } from './identity/development-provider.ts';
import { createJwtProvider } from './identity/jwt-provider.ts';
import { loadSigningKeys } from './identity/keys.ts';
import { issuePluginToken } from './identity/plugin-token.ts';
import { createTokenSigner, type TokenSigner } from './identity/signed-token.ts';
import { createTenantContexts, type TenantContexts } from './identity/tenant-context.ts';
import { createInstances } from './instances/instances.ts';
import { createMetrics } from './observability/metrics.ts';
import type { PreparedTable } from './table/prepared-table.ts';

/** What a gateway serves, as it was read: the input of a deployment. */
export interface Setup {
  readonly config: GatewayConfig;
  readonly table: PreparedTable;
}

export interface ChangeableContext extends GatewayContext {
  /**
   * Serves another setup from now on; requests under way end with the one that they began with.
   *
   * @throws SetupError for one that cannot be served: the one before goes on
   */
  deploy(setup: Setup): Promise<void>;
}

/**
 * Makes the parts that the gateway's routes share. Nothing runs yet but what reading the keys takes.
 *
 * @throws SetupError for keys, an identity provider or a document that cannot be used
 */
export async function createContext(setup: Setup, log: FastifyBaseLogger): Promise<ChangeableContext> {
  const now = Date.now;
  const signer = createTokenSigner(await loadSigningKeys(setup.config.keysFile), now);
  const contexts = createTenantContexts(signer, now);
  const instances = createInstances({ ...setup, log });
  let deployment = await createDeployment(setup, signer, contexts, now);
  return {
    deployment: () => deployment,
    instances,
    contexts,
    tokens: {
      async issuePluginToken(pluginId) {
        const { token, expiresAt } = await issuePluginToken(signer, pluginId);
        return { token, expiresAt: new Date(expiresAt) };
      },
    },
    metrics: createMetrics(instances),
    log,
    async deploy(next) {
      const prepared = await createDeployment(next, signer, contexts, now);
      instances.reconcile(next);
      deployment = prepared;
    },
  };
}

async function createDeployment(
  { config, table }: Setup,
  signer: TokenSigner,
  contexts: TenantContexts,
  now: () => number,
): Promise<Deployment> {
  const { provider: settings, claims } = config.identity;
  const provider =
    settings.kind === 'jwt'
      ? await createJwtProvider(settings, claims, now)
      : createDevelopmentProvider(signer, claims, config.host);
  return {
    config,
    table,
    documents: await loadDocuments(config.out, table),
    authenticate: createAuthenticate({ provider, signer, contexts, table, now }),
    mayRegister: allowedOrigins(config),
  };
}
