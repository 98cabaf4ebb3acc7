/**
 * A plugin that publishes so many events for each of many tenants, as a process of its own. It writes down what was
 * accepted, once it was; started again, it goes on behind that. Of one tenant it publishes one event after the other, so
 * that the order of their numbers is the order in which they were published.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createEventBus } from '@plexica/event-bus';
import { countedEventOf, eventsOf, transportFor } from '../support/event-plugins.ts';
import { openEventLog, readEventLog } from './records.ts';
import type { PublisherSettings } from './settings.ts';
import { startBus, untilAvailable } from './until-available.ts';

const settings: PublisherSettings = JSON.parse(process.argv[2] ?? '');
const { pluginId, route, file, rate } = settings;
const log = openEventLog(file);
const accepted = new Map(readEventLog(file).map(({ tenant, n }) => [tenant, n]));
const startedAt = performance.now();
let begun = 0;

const bus = await startBus(() =>
  createEventBus({ events: eventsOf(pluginId), transport: transportFor(pluginId, route) }),
);
console.log('started');
await Promise.all(settings.tenants.map(publishAll));
await bus.stop();
log.close();

async function publishAll({ tenant, count }: PublisherSettings['tenants'][number]): Promise<void> {
  for (let n = (accepted.get(tenant) ?? 0) + 1; n <= count; n += 1) {
    await turn();
    const id = `${pluginId}-${tenant}-${n}`;
    // The same event with the same id, until it is accepted.
    await untilAvailable(() =>
      bus.publish(
        countedEventOf(pluginId),
        { n, note: 'x'.repeat(100) },
        { id, served: { tenantId: tenant } },
      ),
    );
    log.write({ tenant, source: pluginId, n, id });
  }
}

/** Not more than so many a second. */
async function turn(): Promise<void> {
  const due = (begun / rate) * 1_000;
  begun += 1;
  const early = due - (performance.now() - startedAt);
  if (early > 0) await sleep(early);
}
