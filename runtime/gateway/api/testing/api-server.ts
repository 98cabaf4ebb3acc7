import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RouteTablePlugin } from '@plexica/types';
import type { GatewayConfig, IdentityProviderConfig, UpstreamConfig } from '../../config/gateway-config.ts';
import { configOf, upstreamOf } from '../../config/testing/config-of.ts';
import { issueDevelopmentToken } from '../../identity/development-provider.ts';
import { loadSigningKeys } from '../../identity/keys.ts';
import { createTokenSigner } from '../../identity/signed-token.ts';
import type { Instances } from '../../instances/instances.ts';
import { createJournal, type Journal } from '../../instances/testing/journal.ts';
import { tableOf } from '../../instances/testing/route-table.ts';
import { createGateway } from '../../server.ts';

/** A gateway on a real socket, set up for calls to its own endpoints. */
export interface ApiServer {
  /** Up to and with the base path. */
  readonly url: string;
  readonly instances: Instances;
  readonly journal: Journal;
  /** Of a user of tenant acme, without permissions. */
  readonly userToken: string;
  /** Of such a user, with permissions. */
  tokenWith(...permissions: string[]): Promise<string>;
  pluginToken(pluginId: string): Promise<string>;
  /** @param path below the base path */
  call(method: string, path: string, options?: CallOptions): Promise<ApiAnswer>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The answer as JSON, whatever it is: tests say what they expect of it. */
  readonly body: unknown;
}

export interface ApiServerOptions {
  readonly plugins: readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[];
  readonly upstreams?: Readonly<Record<string, Partial<UpstreamConfig>>>;
  readonly provider?: IdentityProviderConfig;
  /** Where `plexica build` has written; an empty folder unless stated. */
  readonly out?: string;
}

const CLAIMS = { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-api-'));
  const journal = createJournal();
  const config = configFor(folder, options);
  const gateway = await createGateway({ config, table: tableOf(options.plugins), log: journal.log });
  const { instances, tokens } = gateway.context;
  const url = (await gateway.listen()).href;
  const signer = createTokenSigner(await loadSigningKeys(config.keysFile), Date.now);
  const user = await issueDevelopmentToken(signer, CLAIMS, { tenantId: 'acme', permissions: [] }, 60_000);

  return {
    url,
    instances,
    journal,
    userToken: user.token,
    async tokenWith(...permissions) {
      const who = { tenantId: 'acme', permissions };
      return (await issueDevelopmentToken(signer, CLAIMS, who, 60_000)).token;
    },
    pluginToken: async (pluginId) => (await tokens.issuePluginToken(pluginId)).token,
    async call(method, path, { token, body, headers = {} } = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
    },
    async close() {
      await gateway.close(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configFor(folder: string, { upstreams = {}, provider, out }: ApiServerOptions): GatewayConfig {
  return configOf(folder, {
    ...(out === undefined ? {} : { out }),
    timeout: 5_000,
    identity: { provider: provider ?? { kind: 'development' }, claims: CLAIMS },
    upstreams: new Map(Object.entries(upstreams).map(([id, upstream]) => [id, upstreamOf(upstream)])),
    health: { interval: 100, timeout: 2_000, slow: 1_000, rise: 1, fall: 2 },
  });
}
