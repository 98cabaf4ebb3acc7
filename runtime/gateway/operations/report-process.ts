import type { ChangeableContext } from '../create-context.ts';
import type { KeyIds, PluginStatus, ProcessStatus, ServedTable } from './gateway-status.ts';

/** What one process knows, as plain JSON. */
export interface ProcessReport {
  readonly process: ProcessStatus;
  readonly table: ServedTable;
  readonly keys: KeyIds;
  readonly registrations: number;
}

/** @param worker its number; undefined for a gateway of one process */
export function reportProcess(context: ChangeableContext, worker: number | undefined): ProcessReport {
  const { table } = context.deployment();
  const plugins = pluginsOf(context);
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  return {
    process: {
      ...(worker === undefined ? {} : { worker }),
      pid: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      memory: { rssBytes: rss, heapUsedBytes: heapUsed, heapTotalBytes: heapTotal, externalBytes: external },
      plugins,
    },
    table: {
      digest: table.table.digest,
      plugins: table.plugins.size,
      routes: table.table.plugins.reduce((sum, { routes }) => sum + routes.length, 0),
    },
    keys: { signing: context.keys.current.kid, accepted: [...context.keys.byId.keys()] },
    registrations: plugins
      .flatMap(({ instances }) => instances)
      .filter(({ source }) => source === 'registered').length,
  };
}

function pluginsOf({ deployment, instances, isolation }: ChangeableContext): PluginStatus[] {
  const occupancy = new Map(isolation.report().map((report) => [report.pluginId, report]));
  return [...deployment().table.plugins.values()].map(({ id, plugin }) => {
    const { inFlight = 0, waiting = 0 } = occupancy.get(id) ?? {};
    return { id, version: plugin.version, ...instances.healthOf(id), inFlight, waiting };
  });
}
