import type { FastifyInstance } from 'fastify';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import type { PluginState } from '../instances/plugin-health.ts';
import { requireCaller } from '../require-caller.ts';
import type { PreparedService } from '../table/prepared-table.ts';
import { answer, answerList } from './answer.ts';
import { findService } from './find-plugin.ts';

/** A service as those who want to call it see it. */
interface ServiceEntry {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly pluginId: string;
  readonly state: PluginState;
  readonly reasons: readonly string[];
  /** Where the gateway serves it, below the gateway's own origin. Where its instances are is nobody's business. */
  readonly baseUrl: string;
  /** The digest of what it promises. */
  readonly contract: string;
  readonly endpoints: readonly { readonly method: string; readonly path: string }[];
}

/** `GET /services`, `GET /services/discover/:name`. */
export function servicesApi(api: FastifyInstance, context: GatewayContext): void {
  const { instances } = context;
  const preHandler = requireCaller(context);

  api.get('/services', { preHandler }, async () =>
    answerList([...context.deployment().table.services.values()].map(entryOf)),
  );

  api.get<{ Params: { name: string } }>('/services/discover/:name', { preHandler }, async ({ params }) =>
    answer(entryOf(findService(context.deployment().table, params.name))),
  );

  function entryOf({ plugin, service }: PreparedService): ServiceEntry {
    const { name, version, description, contract, endpoints } = service;
    const { state, reasons } = instances.healthOf(plugin.id);
    return {
      name,
      version,
      ...(description === undefined ? {} : { description }),
      pluginId: plugin.id,
      state,
      reasons,
      baseUrl: `${BASE_PATH}/${plugin.id}`,
      contract,
      endpoints: endpoints.map(endpointOf),
    };
  }
}

/** `GET /contacts/:id` → its method and its path. */
function endpointOf(endpoint: string): { method: string; path: string } {
  const space = endpoint.indexOf(' ');
  return { method: endpoint.slice(0, space), path: endpoint.slice(space + 1) };
}
