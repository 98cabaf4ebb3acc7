import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { HEARTBEAT } from '../instances/instances.ts';
import { requireCaller } from '../require-caller.ts';
import type { PreparedPlugin, PreparedTable } from '../table/prepared-table.ts';
import { answer } from './answer.ts';
import { findPlugin } from './find-plugin.ts';
import type { MayRegister } from './registration/allowed-origins.ts';
import { contractDifferences } from './registration/contract-differences.ts';
import { otherLoopbackSpellings } from './registration/loopback-spelling.ts';
import { type Registration, readInstanceUrl, readRegistration } from './registration/read-registration.ts';
import { type Registrant, registrantOf } from './registration/registrant.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for a registration; null elsewhere. */
    registrant: Registrant | null;
  }
}

/** Bytes; thousands of endpoints fit. */
const LARGEST_REGISTRATION = 1024 * 1024;

/** Instances come and go: `POST /services/register`, heartbeats, `DELETE /services/:pluginId` and `…/:name`. */
export function registrationApi(api: FastifyInstance, context: GatewayContext): void {
  const { instances, tokens } = context;
  // Before the body is read: nobody else sends us any.
  const onRequest = requireCaller(context, 'plugin');
  api.decorateRequest('registrant', null);

  async function registrantRequired(request: FastifyRequest): Promise<void> {
    const { headers, rawHeaders, socket } = request.raw;
    const { remoteAddress } = socket;
    request.registrant = await registrantOf(context.deployment(), { headers, rawHeaders, remoteAddress });
  }

  const registering = { onRequest: registrantRequired, bodyLimit: LARGEST_REGISTRATION };
  api.post('/services/register', registering, async (request, reply) => {
    const { table, mayRegister } = context.deployment();
    const { registrant } = request;
    if (registrant === null) throw new Error('who registers is settled before the body is read');
    const registration = readRegistration(request.body);
    const { pluginId, baseUrl } = registration;
    if (registrant.kind === 'plugin') mustBeOwn(registrant.pluginId, pluginId);
    const plugin = findPlugin(table, pluginId);
    if (!mayRegister(pluginId, baseUrl)) throw originForbidden(pluginId, baseUrl, mayRegister);
    mustServeContract(table, plugin, registration);

    instances.register(pluginId, baseUrl);
    const { token, expiresAt } = await tokens.issuePluginToken(pluginId);
    const path = `${BASE_PATH}/services/${pluginId}/heartbeat`;
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send(
        answer({
          pluginId,
          baseUrl: registration.givenUrl,
          token,
          expiresAt: expiresAt.toISOString(),
          heartbeat: { path, ...HEARTBEAT },
        }),
      );
  });

  api.post<{ Params: { pluginId: string } }>(
    '/services/:pluginId/heartbeat',
    { onRequest, bodyLimit: LARGEST_REGISTRATION },
    async (request) => {
      const { id } = ownPlugin(request, request.params.pluginId);
      const baseUrl = memberOf(request.body, 'baseUrl');
      if (!instances.heartbeat(id, readInstanceUrl(baseUrl))) throw unknownInstance(id);
      return answer({ pluginId: id, baseUrl, heartbeat: HEARTBEAT });
    },
  );

  api.delete<{ Params: { pluginId: string; name: string }; Querystring: { baseUrl?: unknown } }>(
    '/services/:pluginId/:name',
    { onRequest, bodyLimit: LARGEST_REGISTRATION },
    async (request) => {
      const { id, plugin } = ownPlugin(request, request.params.pluginId);
      const { name } = request.params;
      if (!plugin.services.some((service) => service.name === name)) {
        throw new GatewayError('service-not-found', `${id} has no service "${name}"`);
      }
      return takeOut(id, request.query.baseUrl ?? memberOf(request.body, 'baseUrl'));
    },
  );

  // A plugin without services has no name for the endpoint above.
  api.delete<{ Params: { pluginId: string }; Querystring: { baseUrl?: unknown } }>(
    '/services/:pluginId',
    { onRequest, bodyLimit: LARGEST_REGISTRATION },
    async (request) => {
      const { id } = ownPlugin(request, request.params.pluginId);
      return takeOut(id, request.query.baseUrl ?? memberOf(request.body, 'baseUrl'));
    },
  );

  /** @param named the base URL of one instance; undefined for all */
  function takeOut(id: string, named: unknown) {
    const counts = instances.deregister(id, named === undefined ? undefined : readInstanceUrl(named));
    if (counts.removed + counts.kept === 0) throw unknownInstance(id);
    return { ...answer({ pluginId: id, ...counts }), message: wordsFor(counts) };
  }

  function ownPlugin({ caller }: FastifyRequest, pluginId: string): PreparedPlugin {
    if (caller?.kind === 'plugin') mustBeOwn(caller.pluginId, pluginId);
    return findPlugin(context.deployment().table, pluginId);
  }

  function mustServeContract(
    table: PreparedTable,
    plugin: PreparedPlugin,
    { pluginId, services }: Registration,
  ): void {
    const differences = contractDifferences(table, plugin, services);
    if (differences.length === 0) return;
    throw new GatewayError(
      'registration-mismatch',
      `this instance does not serve what ${pluginId} was compiled to serve: ${differences.join('; ')}. ` +
        'Start an instance of the compiled plugin.json, or run `plexica build` on the new one and deploy its result ' +
        'with the gateway',
    );
  }
}

function mustBeOwn(callerId: string, pluginId: string): void {
  if (callerId === pluginId) return;
  throw new GatewayError(
    'registration-forbidden',
    `this token is of ${callerId}: it cannot speak for ${pluginId}`,
  );
}

/** Names what was asked for and which setting decides; what the setting holds stays untold. */
function originForbidden(pluginId: string, url: URL, mayRegister: MayRegister): GatewayError {
  const allowed = otherLoopbackSpellings(url).find((other) => mayRegister(pluginId, other));
  const instead =
    allowed === undefined
      ? ''
      : `; or register as ${allowed.origin}, which is allowed: localhost, 127.0.0.1 and [::1] are three addresses`;
  return new GatewayError(
    'registration-forbidden',
    `no instance of ${pluginId} may be at ${url.origin}: allow it in plexica.yaml, in ` +
      `upstreams.${pluginId}.allowRegistration: ["${url.origin}"]${instead}`,
  );
}

function unknownInstance(pluginId: string): GatewayError {
  return new GatewayError(
    'instance-not-found',
    `no such instance of ${pluginId} is registered: register it again`,
  );
}

function wordsFor({ removed, kept }: { removed: number; kept: number }): string {
  const gone = `${removed} registered instance${removed === 1 ? ' was' : 's were'} taken out`;
  return kept === 0 ? gone : `${gone}; ${kept} that plexica.yaml names ${kept === 1 ? 'stays' : 'stay'}`;
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
