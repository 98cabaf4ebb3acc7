import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify';
import { registerApi } from './api/register-api.ts';
import { BASE_PATH } from './base-path.ts';
import type { GatewayContext } from './context.ts';
import { createContext, type Setup } from './create-context.ts';
import type { Cancel } from './instances/clock.ts';
import { followRegistrations, type RegistrationStore } from './instances/registration-store.ts';
import type { RateLimitStore } from './limits/rate-limit-store.ts';
import { operateAlone } from './operations/operate-alone.ts';
import type { Operations } from './operations/operations.ts';
import type { ReloadOutcome } from './operations/reload-outcome.ts';
import { createReloader, type PreparedReload } from './operations/reloader.ts';
import { type ProcessReport, reportProcess } from './operations/report-process.ts';
import { registerProxy } from './proxy/register-proxy.ts';
import { refuseAmbiguousHead } from './rules/ambiguous-head.ts';
import { canonicalTarget } from './rules/canonical-path.ts';
import { matchRoute } from './rules/match.ts';
import { requestIdOf } from './rules/request-id.ts';
import { wantsWebSocket } from './rules/upgrade.ts';
import { answerError } from './server/answer-error.ts';
import { createDrain } from './server/drain.ts';
import { answerPreflight, finishAnswer, finishOwnAnswer } from './server/finish-answer.ts';
import { firstChecks } from './server/first-checks.ts';
import { GatewayLogController } from './server/gateway-log-controller.ts';
import { listen } from './server/listen.ts';
import { logRequest } from './server/log-request.ts';
import { refuseConnection, refuseTunnel } from './server/refuse-connection.ts';
import { registerMethodGuards } from './server/register-method-guards.ts';
import { carryWebSockets } from './websocket/carry-websockets.ts';

export interface GatewayOptions extends Setup {
  readonly log: FastifyBaseLogger;
  /** Where requests are counted for rate limits, if not where the configuration says. */
  readonly rateLimitStore?: RateLimitStore;
  /** Who keeps registrations, if not a file in the state folder. */
  readonly registrationStore?: RegistrationStore;
  /** Reads configuration and table anew, for `reload`; a gateway that was given none keeps what it has. */
  readonly load?: () => Promise<Setup>;
  /** The number of this process among those of a gateway that has several. */
  readonly worker?: number;
  /** What operators ask for, where the gateway is more than this process. */
  readonly operations?: Operations;
}

/** A gateway that is made, and not yet listening. */
export interface Gateway {
  readonly app: FastifyInstance;
  readonly context: GatewayContext;
  /**
   * Begins to check the plugins and to listen.
   *
   * @param how `whenChecked`: it listens when it knows how everybody is, and not before: others serve meanwhile
   * @returns the gateway's address
   * @throws SetupError for an address that cannot be listened on
   */
  listen(how?: { readonly whenChecked: boolean }): Promise<URL>;
  /**
   * Reads configuration and table anew and serves them; requests under way end with what they began with. What cannot
   * be served is refused, and nothing has changed then.
   */
  reload(): Promise<ReloadOutcome>;
  /**
   * A reload in two steps: nothing changes before the second one.
   *
   * @throws SetupError for what cannot be served
   */
  prepareReload(): Promise<PreparedReload>;
  report(): ProcessReport;
  /**
   * Takes no new connections, lets requests under way end, for so many milliseconds (as configured, unless stated), and
   * stops. Called again, it may cut them earlier.
   */
  close(grace?: number): Promise<void>;
}

/** Time limits in milliseconds, sizes in bytes. A plugin's answer has limits of its own. */
const LIMITS = {
  headersTimeout: 30_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 72_000,
  maxHeaderSize: 16 * 1024,
  ownBody: 1024 * 1024,
} as const;

/**
 * Assembles a gateway. A request goes:
 *
 * 1. Node's parser, strict: what is not HTTP gets 400, and its connection closed;
 * 2. `refuseAmbiguousHead`, `canonicalTarget`: a head or a path with two readings gets 400, whatever it asks for;
 * 3. an endpoint of the gateway's own (`api/`), where one matches;
 * 4. everything else below the base path: `proxy/admit-request.ts` (match, identity, permission or edge, body,
 *    availability, headers), then the call to the plugin;
 * 5. an error on the way: its envelope.
 *
 * @throws SetupError
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, log } = options;
  const context = await createContext(options, log, options.rateLimitStore, options.registrationStore);
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
      // An offer of h2c is no reason to leave HTTP/1.1.
      shouldUpgradeCallback: (request) => wantsWebSocket(request),
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, context.metrics),
    frameworkErrors(error, request, reply) {
      // No hooks run here.
      if (context.deployment().config.log.access) logRequest(request, reply);
      finishAnswer(context, request, reply);
      answerError(error, request, reply, context.metrics);
    },
  });

  const drain = createDrain(app);
  const { isStopping } = drain;
  const reloader = createReloader({ context, load: options.load, now: () => new Date() });
  const operations = options.operations ?? operateAlone(context, reloader);
  const webSockets = carryWebSockets(app.server, context);
  app.server.on('connect', (_request, socket) => refuseTunnel(socket));
  app.setErrorHandler(
    (error, request, reply) =>
      answerPreflight(context, error, request, reply) ?? answerError(error, request, reply, context.metrics),
  );
  app.setNotFoundHandler((request) => {
    // Throws what is wrong with the method or the path.
    matchRoute(context.deployment().table, request.method, canonicalTarget(request.raw.url ?? '').path);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (context.deployment().config.log.access) logRequest(request, reply);
    reply.header('x-request-id', request.id);
    refuseAmbiguousHead(request.raw, request.raw.httpVersion);
    const { path } = canonicalTarget(request.raw.url ?? '');
    // Before anything of a body is read.
    if (request.is404) matchRoute(context.deployment().table, request.method, path);
  });
  app.addHook('onSend', (request, reply, _body, done) => {
    finishAnswer(context, request, reply);
    if (isStopping()) reply.header('connection', 'close');
    done();
  });
  let unwatchKeys: Cancel = () => undefined;
  app.addHook('onClose', async () => unwatchKeys());
  app.addHook('onClose', () => context.instances.stop());
  app.addHook('onClose', () => context.registrations.close());
  app.addHook('onClose', () => context.rateLimits.close());
  app.addHook('onClose', () => context.platformEvents.close());
  app.addHook('onClose', () => context.events.close());
  app.addHook('onClose', () => context.tracing.close());

  app.decorateRequest('caller', null);
  app.register(
    async (own) => {
      own.addHook('onSend', (_request, reply, _body, done) => {
        finishOwnAnswer(reply);
        done();
      });
      registerMethodGuards(own, (scope) => registerApi(scope, context, { operations, isStopping }));
    },
    { prefix: BASE_PATH },
  );
  registerProxy(app, context);
  await app.ready();

  return {
    app,
    context,
    async listen({ whenChecked } = { whenChecked: false }) {
      context.instances.start();
      unwatchKeys = context.keys.watch();
      followRegistrations(context.instances, context.registrations, log);
      await context.platformEvents.follow();
      if (whenChecked) await firstChecks(context);
      return listen(app, config);
    },
    reload: reloader.reload,
    prepareReload: reloader.prepare,
    report: () => reportProcess(context, options.worker),
    async close(grace = context.deployment().config.drain) {
      // They would never end by themselves.
      webSockets.close();
      context.events.endStreams();
      await drain.stop(grace);
    },
  };
}
