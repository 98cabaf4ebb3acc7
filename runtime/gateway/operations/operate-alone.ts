import type { ChangeableContext } from '../create-context.ts';
import { gatewayVersion } from '../observability/build-info.ts';
import type { Operations } from './operations.ts';
import type { Reloader } from './reloader.ts';
import { reportProcess } from './report-process.ts';

/** The operations of a gateway of one process. */
export function operateAlone(context: ChangeableContext, reloader: Reloader): Operations {
  const version = gatewayVersion();
  return {
    reload: reloader.reload,
    metrics: context.metrics.expose,
    async status() {
      const { process, ...report } = reportProcess(context, undefined);
      const { redis } = context.deployment().config.rateLimits;
      return {
        version,
        pid: process.pid,
        uptimeSeconds: process.uptimeSeconds,
        loadedAt: reloader.loadedAt().toISOString(),
        lastReload: reloader.last() ?? null,
        ...report,
        rateLimits: { store: redis === undefined ? 'memory' : 'redis' },
        workers: { wanted: 1, serving: 1, replaced: 0 },
        processes: [process],
      };
    },
  };
}
