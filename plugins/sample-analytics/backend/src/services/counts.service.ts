import type { Counts } from '@plexica/generated/plugins/sample-analytics';

interface Tally {
  logins: number;
  logouts: number;
  /** By the id of the plugin that was called. */
  readonly requests: Map<string, number>;
}

/** What the hooks have counted for each tenant, in memory. Tenants are keys of a Map, so that no name of one means anything. */
export class CountsService {
  readonly #tenants = new Map<string, Tally>();

  countLogin(tenantId: string): void {
    this.#tallyOf(tenantId).logins += 1;
  }

  countLogout(tenantId: string): void {
    this.#tallyOf(tenantId).logouts += 1;
  }

  countRequest(tenantId: string, pluginId: string): void {
    const { requests } = this.#tallyOf(tenantId);
    requests.set(pluginId, (requests.get(pluginId) ?? 0) + 1);
  }

  get(tenantId: string): Counts {
    const { logins, logouts, requests } = this.#tenants.get(tenantId) ?? newTally();
    const byPlugin = [...requests].map(([pluginId, count]) => ({ pluginId, requests: count }));
    return {
      logins,
      logouts,
      apiRequests: byPlugin.reduce((sum, { requests: count }) => sum + count, 0),
      apiRequestsByPlugin: byPlugin.sort((a, b) => (a.pluginId < b.pluginId ? -1 : 1)),
    };
  }

  #tallyOf(tenantId: string): Tally {
    const tally = this.#tenants.get(tenantId) ?? newTally();
    this.#tenants.set(tenantId, tally);
    return tally;
  }
}

function newTally(): Tally {
  return { logins: 0, logouts: 0, requests: new Map() };
}
