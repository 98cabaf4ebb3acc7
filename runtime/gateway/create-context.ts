import type { GatewayContext } from './context.ts';
import { createAuthenticate } from './identity/authenticate.ts';
import { createDevelopmentProvider } from './identity/development-provider.ts';
import { createJwtProvider } from './identity/jwt-provider.ts';
import { loadSigningKeys } from './identity/keys.ts';
import { issuePluginToken } from './identity/plugin-token.ts';
import { createTokenSigner } from './identity/signed-token.ts';
import { createTenantContexts } from './identity/tenant-context.ts';
import { createInstances } from './instances/instances.ts';
import type { GatewayOptions } from './server.ts';

/**
 * Makes the parts that the gateway's routes share. Nothing runs yet but what reading the keys takes.
 *
 * @throws SetupError for keys or an identity provider that cannot be used
 */
export async function createContext({ config, table, log }: GatewayOptions): Promise<GatewayContext> {
  const now = Date.now;
  const signer = createTokenSigner(await loadSigningKeys(config.keysFile), now);
  const contexts = createTenantContexts(signer, now);
  const { provider: settings, claims } = config.identity;
  const provider =
    settings.kind === 'jwt'
      ? await createJwtProvider(settings, claims, now)
      : createDevelopmentProvider(signer, claims, config.host);
  return {
    config,
    table,
    instances: createInstances({ table, config, log }),
    authenticate: createAuthenticate({ provider, signer, contexts, table, now }),
    contexts,
    tokens: {
      async issuePluginToken(pluginId) {
        const { token, expiresAt } = await issuePluginToken(signer, pluginId);
        return { token, expiresAt: new Date(expiresAt) };
      },
    },
    log,
  };
}
