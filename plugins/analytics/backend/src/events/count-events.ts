import type { EventBus } from '@plexica/event-bus';
import type { pluginAnalyticsEvents } from '@plexica/generated/events/plugin-analytics';
import type { Counter, CountersService } from '../services/counters.service.ts';

type Subscribed = keyof (typeof pluginAnalyticsEvents)['subscribes'];

const COUNTERS: Readonly<Record<Subscribed, Counter>> = {
  'crm.contact.created': 'contactsCreated',
  'crm.contact.updated': 'contactsUpdated',
  'crm.contact.deleted': 'contactsDeleted',
  'crm.deal.stage-changed': 'dealStageChanges',
};

/** Counts every event once, for its tenant: one that is delivered again was counted before. */
export function countEvents(bus: Pick<EventBus, 'on' | 'seen'>, counters: CountersService): void {
  // The keys of a record with exactly these.
  for (const [name, counter] of Object.entries(COUNTERS) as [Subscribed, Counter][]) {
    bus.on(name, (event) => {
      if (!bus.seen(event)) counters.count(event.tenantId, counter, event.time);
    });
  }
}
