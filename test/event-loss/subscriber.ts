/**
 * A replica of the plugin that is told of all events, as a process of its own. It writes each down before it is settled,
 * and prints what is left to do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyEvents, createEventBus, type EventBus } from '@plexica/event-bus';
import {
  type Counted,
  countedEventOf,
  eventsOf,
  PUBLISHER_IDS,
  SUBSCRIBER_ID,
  transportFor,
} from '../support/event-plugins.ts';
import { openEventLog } from './records.ts';
import type { SubscriberSettings } from './settings.ts';
import { startBus } from './until-available.ts';

const LAG_INTERVAL = 500;

const settings: SubscriberSettings = JSON.parse(process.argv[2] ?? '');
const log = openEventLog(settings.file);
const bus = await startBus(makeBus);
console.log('started');
const telling = tellLag();

process.once('SIGTERM', async () => {
  clearInterval(telling);
  await bus.stop();
  log.close();
  process.exit(0);
});

function makeBus(): EventBus<AnyEvents> {
  const bus = createEventBus<AnyEvents>({
    events: eventsOf(SUBSCRIBER_ID),
    transport: transportFor(SUBSCRIBER_ID, settings.route),
    onFailure(error) {
      console.log(`failed: ${error.message}`);
      process.exit(1);
    },
    onOutcome(outcome) {
      if (outcome.kind === 'failed') console.log(`handler failed: ${outcome.error}`);
    },
  });
  for (const publisher of PUBLISHER_IDS) {
    bus.on(countedEventOf(publisher), async ({ tenantId, source, id, data }) => {
      await sleep(Math.random() * settings.takes);
      const { n } = data as Counted; // its schema was checked
      log.write({ tenant: tenantId, source, n, id });
    });
  }
  return bus;
}

function tellLag(): NodeJS.Timeout {
  let asking = false;
  return setInterval(async () => {
    if (asking) return;
    asking = true;
    const words = await bus.lag().then(
      ({ messages }) => `lag ${messages}.`,
      (error: Error) => `lag unknown: ${error.message}`,
    );
    asking = false;
    console.log(words);
  }, LAG_INTERVAL);
}
