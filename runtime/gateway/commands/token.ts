import { join } from 'node:path';
import { milliseconds } from '@plexica/types';
import { SignJWT } from 'jose';
import { closestName } from '../closest-name.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { SetupError } from '../errors.ts';
import { claimsOf, isHeaderValue } from '../identity/claims.ts';
import { issueDevelopmentToken } from '../identity/development-provider.ts';
import { loadSigningKeys } from '../identity/keys.ts';
import { issuePlatformToken } from '../identity/platform-token.ts';
import { issuePluginToken, PLUGIN_TOKEN_LIFETIME } from '../identity/plugin-token.ts';
import { createTokenSigner, type TokenSigner } from '../identity/signed-token.ts';
import type { TenantIdentity } from '../rules/caller.ts';
import { loadRouteTable } from '../table/load-route-table.ts';
import { type Command, configOption, tableOption } from './command.ts';
import { type Options, optionValue, UsageError } from './parse-options.ts';

const USER_TOKEN_LIFETIME = 3_600_000;
const USER_OPTIONS = ['tenant', 'user', 'workspace', 'permission'];

export const token: Command = {
  name: 'token',
  summary: 'Prints a token for trying things: of a user, of a plugin, or of the platform.',
  usage: [
    '--tenant TENANT --user USER [--workspace WORKSPACE] [--permission RESOURCE:ACTION]… [--expires 1h]',
    '--plugin ID [--expires 12h]',
    '--platform [--expires 12h]',
  ],
  options: [
    { name: 'tenant', value: 'TENANT', text: 'whose data the user works with' },
    { name: 'user', value: 'USER', text: 'who the user is' },
    { name: 'workspace', value: 'WORKSPACE', text: "the user's active workspace" },
    {
      name: 'permission',
      value: 'RESOURCE:ACTION',
      text: 'what the user may do; may be given again and again',
      repeatable: true,
    },
    { name: 'plugin', value: 'ID', text: 'the plugin that proves with it who it is' },
    { name: 'platform', text: 'the platform itself, which publishes core events and nothing else' },
    {
      name: 'expires',
      value: 'DURATION',
      text: 'how long it is good for: 30m, 12h; 1h for a user, 12h for a plugin or the platform',
    },
    configOption,
    tableOption,
  ],

  async run(options, io) {
    const pluginId = optionValue(options, 'plugin');
    const platform = options.has('platform');
    const ofUser = pluginId === undefined && !platform;
    const mixed = USER_OPTIONS.find((name) => !ofUser && options.has(name));
    if (mixed !== undefined || (platform && pluginId !== undefined)) {
      throw new UsageError(
        `--${mixed ?? 'plugin'} goes with no other kind: a token is of a user, of a plugin (--plugin) or of the platform (--platform)`,
      );
    }
    const identity = ofUser ? identityOf(options) : undefined;
    const lifetime = lifetimeOf(options);

    const config = await loadConfig(optionValue(options, 'config') ?? 'plexica.yaml', io.environment);
    if (identity !== undefined) {
      io.out(`${await userToken(config, identity, lifetime ?? USER_TOKEN_LIFETIME)}\n`);
    } else if (platform) {
      io.out(`${(await issuePlatformToken(await signerOf(config), lifetime)).token}\n`);
    } else if (pluginId !== undefined) {
      await checkPlugin(pluginId, optionValue(options, 'table') ?? join(config.out, 'routes.json'));
      const issued = await issuePluginToken(
        await signerOf(config),
        pluginId,
        lifetime ?? PLUGIN_TOKEN_LIFETIME,
      );
      io.out(`${issued.token}\n`);
    }
    return 0;
  },
};

function identityOf(options: Options): TenantIdentity {
  const tenantId = optionValue(options, 'tenant');
  const userId = optionValue(options, 'user');
  const workspaceId = optionValue(options, 'workspace');
  if (tenantId === undefined || userId === undefined) {
    throw new UsageError('it takes --tenant and --user for a user, or --plugin for a plugin');
  }
  for (const [name, value] of Object.entries({ tenant: tenantId, user: userId, workspace: workspaceId })) {
    if (value === undefined || isHeaderValue(value)) continue;
    throw new UsageError(
      `--${name} must be printable ASCII of at most 256 characters: it travels in a header`,
    );
  }
  return {
    tenantId,
    userId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    permissions: options.get('permission') ?? [],
  };
}

function lifetimeOf(options: Options): number | undefined {
  const duration = optionValue(options, 'expires');
  if (duration === undefined) return undefined;
  try {
    return milliseconds(duration);
  } catch {
    throw new UsageError(`--expires must be a duration such as 30m or 12h, and is "${duration}"`);
  }
}

async function userToken(config: GatewayConfig, identity: TenantIdentity, lifetime: number): Promise<string> {
  const { provider, claims } = config.identity;
  if (provider.kind === 'development') {
    return (await issueDevelopmentToken(await signerOf(config), claims, identity, lifetime)).token;
  }
  const [algorithm = 'HS256'] = provider.algorithms;
  if (provider.key.kind !== 'secret') {
    throw new SetupError(
      `identity.provider is jwt with a public key: only your identity provider (${provider.issuer}) can sign ` +
        'tokens for users. Ask it for one, or try things with identity.provider development',
    );
  }
  return await new SignJWT(claimsOf(identity, claims))
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuer(provider.issuer)
    .setAudience(provider.audience)
    .setIssuedAt()
    .setExpirationTime(new Date(Date.now() + lifetime))
    .sign(new TextEncoder().encode(provider.key.secret));
}

async function signerOf({ keysFile }: GatewayConfig): Promise<TokenSigner> {
  return createTokenSigner(await loadSigningKeys(keysFile), Date.now);
}

/** A token for a plugin that the table does not have would be refused: better to say so now. */
async function checkPlugin(pluginId: string, tableFile: string): Promise<void> {
  const ids = (await loadRouteTable(tableFile)).plugins.map(({ id }) => id);
  if (ids.includes(pluginId)) return;
  const meant = closestName(pluginId, ids);
  throw new SetupError(
    `there is no plugin "${pluginId}" in ${tableFile}${meant === undefined ? '' : `: did you mean ${meant}?`} ` +
      `It has ${ids.join(', ') || 'none'}`,
  );
}
