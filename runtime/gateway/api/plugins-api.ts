import type { FastifyInstance } from 'fastify';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import type { PluginHealth } from '../instances/plugin-health.ts';
import { requireCaller } from '../require-caller.ts';
import type { PreparedPlugin } from '../table/prepared-table.ts';
import { answer, answerList } from './answer.ts';
import { findPlugin } from './find-plugin.ts';

/** A plugin, and how it and each of its instances is. */
interface PluginEntry extends PluginHealth {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** Where the gateway serves it, below the gateway's own origin. */
  readonly baseUrl: string;
  readonly services: readonly { readonly name: string; readonly version: string }[];
  /** Ids of the plugins that it cannot work without. */
  readonly requires: readonly string[];
}

/** `GET /plugins`, `GET /plugins/:id`. */
export function pluginsApi(api: FastifyInstance, context: GatewayContext): void {
  const { instances } = context;
  const preHandler = requireCaller(context);

  api.get('/plugins', { preHandler }, async () =>
    answerList([...context.deployment().table.plugins.values()].map(entryOf)),
  );

  api.get<{ Params: { id: string } }>('/plugins/:id', { preHandler }, async ({ params }) =>
    answer(entryOf(findPlugin(context.deployment().table, params.id))),
  );

  function entryOf({ plugin }: PreparedPlugin): PluginEntry {
    const { id, name, version, description, services, requires } = plugin;
    return {
      id,
      name,
      version,
      ...(description === undefined ? {} : { description }),
      baseUrl: `${BASE_PATH}/${id}`,
      services: services.map((service) => ({ name: service.name, version: service.version })),
      requires,
      ...instances.healthOf(id),
    };
  }
}
