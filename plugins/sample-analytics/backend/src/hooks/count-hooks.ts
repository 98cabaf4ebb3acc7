import type { SampleAnalyticsHooks } from '@plexica/generated/events/sample-analytics';
import type { HookHandlers } from '@plexica/sdk';
import type { CountsService } from '../services/counts.service.ts';

/** What this plugin does about each hook of its manifest: it counts, unless an administrator has turned that off. */
export function countHooks(
  counts: CountsService,
  { trackingEnabled }: { readonly trackingEnabled: boolean },
): HookHandlers<SampleAnalyticsHooks> {
  return {
    'user.login': async ({ tenantId }) => {
      if (trackingEnabled) counts.countLogin(tenantId);
    },
    'user.logout': async ({ tenantId }) => {
      if (trackingEnabled) counts.countLogout(tenantId);
    },
    'api.request': async ({ tenantId, data }) => {
      if (trackingEnabled) counts.countRequest(tenantId, data.pluginId);
    },
  };
}
