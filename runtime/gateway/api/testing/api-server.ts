import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RouteTablePlugin } from '@plexica/types';
import fastify, { type FastifyInstance } from 'fastify';
import type { GatewayConfig, IdentityProviderConfig, UpstreamConfig } from '../../config/gateway-config.ts';
import type { GatewayContext } from '../../context.ts';
import { errorEnvelope, GatewayError } from '../../errors.ts';
import { createAuthenticate } from '../../identity/authenticate.ts';
import { createDevelopmentProvider, issueDevelopmentToken } from '../../identity/development-provider.ts';
import { issuePluginToken } from '../../identity/plugin-token.ts';
import { createTokenSigner } from '../../identity/signed-token.ts';
import { createTenantContexts } from '../../identity/tenant-context.ts';
import { createInstances, type Instances } from '../../instances/instances.ts';
import { createJournal, type Journal } from '../../instances/testing/journal.ts';
import { tableOf } from '../../instances/testing/route-table.ts';
import { registerApi } from '../register-api.ts';

/** The gateway's own endpoints on a real socket, with real tokens, instances and checks, and nothing else. */
export interface ApiServer {
  /** Up to and with the base path. */
  readonly url: string;
  readonly instances: Instances;
  readonly journal: Journal;
  /** The folder from which compiled documents are read. */
  readonly userToken: string;
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
  const table = tableOf(options.plugins);
  const config = configOf(folder, options);
  const instances = createInstances({ table, config, log: journal.log });
  const secret = createSecretKey(randomBytes(32));
  const signer = createTokenSigner({ current: { kid: 'test', secret }, byId: new Map([['test', secret]]) }, Date.now);
  const context: GatewayContext = {
    config,
    table,
    instances,
    log: journal.log,
    authenticate: createAuthenticate({
      provider: createDevelopmentProvider(signer, CLAIMS, config.host),
      signer,
      contexts: createTenantContexts(signer),
      table,
      now: Date.now,
    }),
    tokens: {
      async issuePluginToken(pluginId) {
        const { token, expiresAt } = await issuePluginToken(signer, pluginId);
        return { token, expiresAt: new Date(expiresAt) };
      },
    },
  };
  const app = fastify();
  answerErrors(app);
  await registerApi(app, context);
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/plugin-gateway`;
  instances.start();
  const user = await issueDevelopmentToken(signer, CLAIMS, { tenantId: 'acme', permissions: [] }, 60_000);

  return {
    url,
    instances,
    journal,
    userToken: user.token,
    pluginToken: async (pluginId) => (await issuePluginToken(signer, pluginId)).token,
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
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
    async close() {
      await app.close();
      await instances.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configOf(folder: string, { upstreams = {}, provider, out }: ApiServerOptions): GatewayConfig {
  return {
    file: join(folder, 'plexica.yaml'),
    folder,
    out: out ?? join(folder, 'generated'),
    host: '127.0.0.1',
    port: 0,
    maxBody: 1024 * 1024,
    timeout: 5_000,
    keysFile: join(folder, 'keys.json'),
    identity: { provider: provider ?? { kind: 'development' }, claims: CLAIMS },
    upstreams: new Map(
      Object.entries(upstreams).map(([id, upstream]) => [
        id,
        { urls: [], allowRegistration: [], timeout: undefined, maxBody: undefined, ...upstream },
      ]),
    ),
    health: { interval: 100, timeout: 2_000, slow: 1_000, rise: 1, fall: 2 },
  };
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const known =
      error instanceof GatewayError ? error : new GatewayError('bad-request', 'bad request', { cause: error });
    reply.code(known.status).headers(known.headers).send(errorEnvelope(known, request.id));
  });
}
