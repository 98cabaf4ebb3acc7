import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify';
import { registerApi } from './api/register-api.ts';
import { BASE_PATH } from './base-path.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { GatewayContext } from './context.ts';
import { createContext, type Setup } from './create-context.ts';
import { SetupError } from './errors.ts';
import { registerProxy } from './proxy/register-proxy.ts';
import { canonicalTarget } from './rules/canonical-path.ts';
import { matchRoute } from './rules/match.ts';
import { requestIdOf } from './rules/request-id.ts';
import { answerError } from './server/answer-error.ts';
import { GatewayLogController } from './server/gateway-log-controller.ts';
import { refuseConnection, refuseTunnel } from './server/refuse-connection.ts';
import { registerMethodGuards } from './server/register-method-guards.ts';

export interface GatewayOptions extends Setup {
  readonly log: FastifyBaseLogger;
  /** Reads configuration and table anew, for `reload`; a gateway that was given none keeps what it has. */
  readonly load?: () => Promise<Setup>;
}

/** A gateway that is made, and not yet listening. */
export interface Gateway {
  readonly app: FastifyInstance;
  readonly context: GatewayContext;
  /**
   * Begins to check the plugins and to listen.
   *
   * @returns the gateway's address
   * @throws SetupError for an address that cannot be listened on
   */
  listen(): Promise<URL>;
  /**
   * Reads configuration and table anew and serves them; requests under way end with what they began with.
   *
   * @throws SetupError for what cannot be served: nothing has changed then
   */
  reload(): Promise<void>;
  /** Takes no new connections, lets requests under way end, for so many milliseconds, and stops. */
  close(grace?: number): Promise<void>;
}

/** Time limits in milliseconds, sizes in bytes. A plugin's answer has limits of its own. */
const LIMITS = {
  headersTimeout: 30_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 72_000,
  maxHeaderSize: 16 * 1024,
  ownBody: 1024 * 1024,
  closeGrace: 10_000,
  sweepInterval: 50,
} as const;

/**
 * Assembles a gateway. A request goes:
 *
 * 1. Node's parser, strict: what is not HTTP gets 400, and its connection closed;
 * 2. `canonicalTarget`: a path with two readings gets 400, whatever it asks for;
 * 3. an endpoint of the gateway's own (`api/`), where one matches;
 * 4. everything else below the base path: `proxy/admit-request.ts` (match, identity, permission or edge, body,
 *    availability, headers), then the call to the plugin;
 * 5. an error on the way: its envelope.
 *
 * @throws SetupError
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, log } = options;
  const context = await createContext(options, log);
  const app = fastify({
    loggerInstance: log,
    logController: new GatewayLogController(),
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id'], randomUUID),
    requestTimeout: LIMITS.requestTimeout,
    keepAliveTimeout: LIMITS.keepAliveTimeout,
    bodyLimit: LIMITS.ownBody,
    return503OnClosing: false,
    http: {
      maxHeaderSize: LIMITS.maxHeaderSize,
      headersTimeout: LIMITS.headersTimeout,
      insecureHTTPParser: false,
    },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });

  app.server.on('connect', (_request, socket) => refuseTunnel(socket));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    // Throws what is wrong with the method or the path.
    matchRoute(context.deployment().table, request.method, canonicalTarget(request.raw.url ?? '').path);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    canonicalTarget(request.raw.url ?? '');
  });
  app.addHook('onClose', () => context.instances.stop());

  app.decorateRequest('caller', null);
  app.register(
    async (own) => {
      registerMethodGuards(own, (scope) => registerApi(scope, context));
    },
    { prefix: BASE_PATH },
  );
  registerProxy(app, context);
  await app.ready();

  return {
    app,
    context,
    async listen() {
      context.instances.start();
      return listen(app, config);
    },
    async reload() {
      if (options.load !== undefined) await context.deploy(await options.load());
    },
    async close(grace = LIMITS.closeGrace) {
      // A connection whose last request is answered stays open for the next one, which must not come.
      const sweep = setInterval(() => app.server.closeIdleConnections(), LIMITS.sweepInterval);
      const impatience = setTimeout(() => app.server.closeAllConnections(), grace);
      await app.close();
      clearInterval(sweep);
      clearTimeout(impatience);
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: GatewayConfig): Promise<URL> {
  try {
    await app.listen({ host, port, listenTextResolver: () => 'the gateway listens' });
  } catch (cause) {
    await app.close();
    throw new SetupError(whyNotListening(cause, host, port), { cause });
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${actual}${BASE_PATH}`);
}

function whyNotListening(cause: unknown, host: string, port: number): string {
  const change = `choose another with --port, or gateway.port in plexica.yaml (PORT=${port + 1} where it says \${PORT:-${port}})`;
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken: stop what listens there, or ${change}`;
    case 'EACCES':
      return `port ${port} needs rights that this process does not have: ${change}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: change gateway.host in plexica.yaml, or --host`;
    default:
      return `the gateway cannot listen on ${host}, port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
