import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Attempt } from '../instances/attempt.ts';
import { limitsOf } from '../limits/isolation.ts';
import { webSocketPlaces } from '../limits/websocket-places.ts';
import { beginObservation, type OpenObservation } from '../observability/observe-request.ts';
import { callerLabel } from '../observability/request-notes.ts';
import type { AttemptTrace } from '../observability/tracing.ts';
import { type Admission, admitRequest } from '../proxy/admit-request.ts';
import { requestHeadOf } from '../proxy/request-head-of.ts';
import { outcomeOf } from '../proxy/upstream-error.ts';
import { refuseAmbiguousHead } from '../rules/ambiguous-head.ts';
import { answerHeaders } from '../rules/answer-headers.ts';
import { unavailable } from '../rules/availability.ts';
import { canonicalTarget } from '../rules/canonical-path.ts';
import { mayOpenFrom } from '../rules/cors.ts';
import { headerValues, type RequestHead } from '../rules/request-head.ts';
import { requestIdOf } from '../rules/request-id.ts';
import { withSubprotocolToken } from '../rules/subprotocol-token.ts';
import { withTraceparent } from '../rules/traceparent.ts';
import { wantsWebSocket } from '../rules/upgrade.ts';
import { refusalOf } from '../server/answer-error.ts';
import { rawAnswer } from '../server/refuse-connection.ts';
import { openTunnel, type UpgradeAnswer } from './open-tunnel.ts';
import { passAnswer } from './pass-answer.ts';

/** The WebSocket connections of a gateway. */
export interface WebSockets {
  /** Ends all of them at once. */
  close(): void;
}

/**
 * Carries WebSocket connections to the plugins. The rules are those of any request, after a check of `Origin`, because
 * a browser opens such a connection from any page. Once the plugin agreed, bytes pass unread both ways.
 */
export function carryWebSockets(server: Server, context: GatewayContext): WebSockets {
  const clients = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, client: Duplex, early: Buffer) => {
    client.on('error', () => client.destroy());
    client.once('close', () => clients.delete(client));
    clients.add(client);
    if (early.length > 0) client.unshift(early);
    const id = requestIdOf(request.headers['x-request-id'], randomUUID);
    void carry(context, requestHeadOf({ raw: request, id }), client);
  });
  return {
    close() {
      for (const client of clients) client.destroy();
    },
  };
}

async function carry(context: GatewayContext, head: RequestHead, client: Duplex): Promise<void> {
  const startedAt = performance.now();
  const gone = new AbortController();
  client.once('close', () => gone.abort());
  const observation = beginObservation(context, head);
  try {
    if (!wantsWebSocket(head)) {
      throw new GatewayError('upgrade-not-supported', 'a connection is upgraded to WebSocket alone');
    }
    // A request of HTTP/1.0 with a length in chunks has a body, for which it is refused.
    refuseAmbiguousHead(head, '1.1');
    checkOrigin(context, head);
    mustNamePlugin(context, head);
    const admission = await admitRequest(context, withSubprotocolToken(head), observation);
    await takePlace(context, admission, client);
    const attempt = beginAttempt(context, admission);
    client.once('close', () => attempt.end());
    const { instance } = attempt;
    const answer = await ask(admission, attempt, observation.attempt(instance.id), gone.signal);
    const { pluginId, endpoint } = admission.route;
    const agreed = answer.kind === 'agreed';
    passAnswer(
      answer,
      answerHeaders(answer.answer.headers, pluginId, instance.baseUrl),
      head.requestId,
      client,
      admission.timeout,
    );
    const line = {
      requestId: head.requestId,
      traceId: observation.trace.traceId,
      route: endpoint,
      plugin: pluginId,
      instance: instance.id,
      caller: callerLabel(admission.caller),
      tenant: admission.tenant?.tenantId,
      client: admission.client.address,
      status: answer.answer.statusCode,
    };
    observation.end(answer.answer.statusCode ?? 101);
    const log = admission.deployment.config.log.access ? context.log : undefined;
    log?.info(line, agreed ? 'a WebSocket connection is open' : 'a WebSocket connection was declined');
    if (!agreed) return;
    client.once('close', () => {
      const ms = Math.round(performance.now() - startedAt);
      log?.info({ ...line, ms }, 'a WebSocket connection is over');
    });
  } catch (error) {
    refuse(context, error, observation, client);
  }
}

async function takePlace(
  { isolation }: GatewayContext,
  { deployment, route, tenant }: Admission,
  client: Duplex,
): Promise<void> {
  const limits = limitsOf(deployment.config, route.pluginId);
  await isolation.enter(webSocketPlaces(route.pluginId), limits, tenant?.tenantId, client);
}

/** A connection counts as under way at its instance for as long as it is open. */
function beginAttempt({ instances }: GatewayContext, { route: { pluginId } }: Admission): Attempt {
  const attempt = instances.begin(pluginId);
  if (attempt !== undefined) return attempt;
  throw unavailable(pluginId, instances.healthOf(pluginId).reasons, instances.retryAfter(pluginId));
}

async function ask(
  admission: Admission,
  attempt: Attempt,
  trace: AttemptTrace,
  signal: AbortSignal,
): Promise<UpgradeAnswer> {
  try {
    const headers = withTraceparent(admission.headers, trace.traceparent);
    const answer = await openTunnel({ ...admission, headers }, attempt.instance, signal);
    const status = answer.answer.statusCode ?? 101;
    trace.answered(status);
    attempt.observe({ kind: 'answered', status });
    return answer;
  } catch (error) {
    if (error instanceof GatewayError) trace.failed(error.code);
    const outcome = error instanceof GatewayError ? outcomeOf(error) : undefined;
    if (outcome !== undefined) attempt.observe(outcome);
    throw error;
  }
}

/** Programs send no `Origin`; a page of another origin must be one that plexica.yaml lists. */
function checkOrigin(context: GatewayContext, { rawHeaders }: RequestHead): void {
  const origins = headerValues(rawHeaders, 'origin');
  const [host] = headerValues(rawHeaders, 'host');
  const { cors } = context.deployment().config;
  if (origins.length === 0) return;
  if (origins.length === 1 && mayOpenFrom(origins[0] ?? '', host, cors)) return;
  throw new GatewayError(
    'origin-not-allowed',
    'pages of this origin may not open connections here: allow it in gateway.cors.origins of plexica.yaml',
  );
}

/** The gateway has endpoints of its own, which take no such connection. */
function mustNamePlugin(context: GatewayContext, { target }: RequestHead): void {
  const { path } = canonicalTarget(target);
  const [name = ''] = path.slice(BASE_PATH.length + 1).split('/');
  if (!path.startsWith(`${BASE_PATH}/`) || context.deployment().table.plugins.has(name)) return;
  throw new GatewayError(
    'route-not-found',
    `there is no plugin "${name}": WebSocket connections go to plugins, below ${BASE_PATH}/<plugin id>`,
  );
}

function refuse(context: GatewayContext, error: unknown, observation: OpenObservation, client: Duplex): void {
  const refusal = refusalOf(error);
  const { requestId, route } = observation.notes;
  if (refusal.code === 'internal-error') {
    context.log.error({ requestId, err: error }, 'a WebSocket connection failed for a reason of our own');
  }
  context.metrics.refused(refusal.code, route?.pluginId);
  observation.refused(refusal);
  observation.end(refusal.status);
  if (client.destroyed) return;
  client.end(rawAnswer(refusal, requestId), () => client.destroy());
}
