import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RouteTablePlugin, RouteTableRoute } from '@plexica/types';
import type { GatewayConfig, UpstreamConfig } from '../config/gateway-config.ts';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import type { GatewayContext } from '../context.ts';
import { writeEvents } from '../events/testing/write-events.ts';
import { issueDevelopmentToken } from '../identity/development-provider.ts';
import { loadSigningKeys, type SigningKeys } from '../identity/keys.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { createJournal, type Journal } from '../instances/testing/journal.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import type { TenantIdentity } from '../rules/caller.ts';
import { createGateway } from '../server.ts';
import { type TestSchemas, writeValidation } from '../validation/testing/write-validation.ts';

const CLAIMS = {
  tenant: 'tenant_id',
  user: 'sub',
  workspace: 'workspace_id',
  permissions: 'permissions',
} as const;

/** A gateway on a real socket, before plugins on real sockets. */
export interface TestGateway {
  /** Up to and with the base path. */
  readonly url: string;
  readonly port: number;
  readonly context: GatewayContext;
  readonly journal: Journal;
  /** The gateway's own. */
  readonly keys: SigningKeys;
  /** For a user of tenant acme with all permissions of these tests, unless stated. */
  userToken(identity?: Partial<TenantIdentity>, lifetime?: number): Promise<string>;
  pluginToken(pluginId: string): Promise<string>;
  close(grace?: number): Promise<void>;
}

export interface TestGatewayOptions {
  readonly plugins: readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[];
  /** By plugin id: the base URLs of instances that answer `GET /health`. */
  readonly upstreams?: Readonly<Record<string, URL>>;
  readonly settings?: Readonly<Record<string, Partial<UpstreamConfig>>>;
  readonly config?: Partial<GatewayConfig>;
  /** By plugin id: the schemas of requests. The routes of the table are made to say what they validate. */
  readonly validation?: Readonly<Record<string, TestSchemas>>;
  /** By event: the schema of its payload, empty for any. Without it the table alone says who publishes what. */
  readonly payloads?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export async function startGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-gateway-'));
  const journal = createJournal();
  const config = configFor(folder, options);
  const plugins = await writeValidation(config.out, options.plugins, options.validation ?? {});
  const events = options.payloads && (await writeEvents(config.out, plugins, options.payloads));
  const table = tableOf(plugins, events === undefined ? {} : { events });
  const gateway = await createGateway({ config, table, log: journal.log });
  const url = await gateway.listen();
  for (const _ of Object.keys(options.upstreams ?? {})) await journal.until('and is HEALTHY');
  const keys = await loadSigningKeys(config.keysFile);
  const signer = createTokenSigner(keys, Date.now);
  return {
    url: url.href,
    port: Number(url.port),
    context: gateway.context,
    journal,
    keys,
    async userToken(identity = {}, lifetime = 60_000) {
      const who = { tenantId: 'acme', userId: 'ada', permissions: ['contacts:write'], ...identity };
      return (await issueDevelopmentToken(signer, CLAIMS, who, lifetime)).token;
    },
    pluginToken: async (pluginId) => (await gateway.context.tokens.issuePluginToken(pluginId)).token,
    async close(grace = 0) {
      await gateway.close(grace);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configFor(
  folder: string,
  { upstreams = {}, settings = {}, config = {} }: TestGatewayOptions,
): GatewayConfig {
  const ids = new Set([...Object.keys(upstreams), ...Object.keys(settings)]);
  return configOf(folder, {
    upstreams: new Map(
      [...ids].map((id) => {
        const urls = upstreams[id] === undefined ? [] : [upstreams[id]];
        return [id, upstreamOf({ urls, ...settings[id] })];
      }),
    ),
    ...config,
  });
}

/** A route for signed-in users, unless stated otherwise. */
export function route(endpoint: string, rest: Partial<RouteTableRoute> = {}): RouteTableRoute {
  const [method, path] = endpoint.split(' ');
  return {
    // Tests write what a manifest may say.
    method: method as RouteTableRoute['method'],
    path: path ?? '/',
    users: true,
    auth: true,
    permissions: [],
    services: [],
    ...rest,
  };
}

const CONTRACT = `sha256:${'0'.repeat(64)}`;

/** A plugin with contacts, one service over them, and one endpoint for plugins alone. */
export const CRM = {
  id: 'plugin-crm',
  permissions: ['contacts:write'],
  routes: [
    route('GET /contacts', { services: ['crm.contacts'] }),
    route('POST /contacts', { permissions: ['contacts:write'], services: ['crm.contacts'] }),
    route('GET /contacts/:id', { services: ['crm.contacts'] }),
    route('PUT /contacts/:id'),
    route('DELETE /contacts/:id'),
    route('GET /public', { auth: false }),
    route('GET /internal', { users: false, services: ['crm.internal'] }),
  ],
  services: [
    {
      name: 'crm.contacts',
      version: '1.2.0',
      contract: CONTRACT,
      endpoints: ['GET /contacts', 'POST /contacts', 'GET /contacts/:id'],
    },
    { name: 'crm.internal', version: '1.0.0', contract: CONTRACT, endpoints: ['GET /internal'] },
  ],
} satisfies Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>;

/** A plugin that may read the contacts of CRM, and nothing else. */
export const ANALYTICS = {
  id: 'plugin-analytics',
  routes: [route('POST /reports')],
  edges: [
    {
      plugin: 'plugin-crm',
      service: 'crm.contacts',
      version: '^1.0.0',
      required: true,
      contract: CONTRACT,
      endpoints: ['GET /contacts', 'GET /contacts/:id'],
    },
  ],
  requires: ['plugin-crm'],
} satisfies Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>;
