import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { PUBLISHER_IDS, SUBSCRIBER_ID } from '../support/event-plugins.ts';
import { createEventWorkspace } from '../support/event-workspace.ts';
import type { Carrier } from './carrier.ts';

/** A gateway that keeps events itself. */
export async function startGatewayCarrier(workers: number): Promise<Carrier> {
  const workspace = await createEventWorkspace({ gateway: { workers } });
  const ids = [...PUBLISHER_IDS, SUBSCRIBER_ID];
  const tokens = await Promise.all(ids.map(async (id) => [id, await workspace.pluginToken(id)] as const));
  let gateway = await workspace.startGateway();
  let kills = 0;
  return {
    name: workers === 1 ? 'embedded' : `embedded, ${workers} workers`,
    route: { kind: 'embedded', gatewayUrl: workspace.gatewayUrl, tokens: Object.fromEntries(tokens) },
    async kill(pause) {
      await gateway.stop('SIGKILL');
      kills += 1;
      await sleep(pause);
      gateway = await workspace.startGateway();
    },
    get kills() {
      return kills;
    },
    deadLetters: async () => countLetters(join(workspace.folder, '.plexica/events.db')),
    async stop() {
      await gateway.stop();
      await workspace.remove();
    },
  };
}

function countLetters(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS letters FROM dead_letters').get()?.letters);
  } finally {
    database.close();
  }
}
