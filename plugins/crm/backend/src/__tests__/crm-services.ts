import type { CrmEvents } from '../events/crm-events.ts';
import { ContactsService } from '../services/contacts.service.ts';
import { createCrmStore } from '../services/crm-store.ts';
import { DealsService } from '../services/deals.service.ts';

/** An event as a service noted it. */
export type Noted = readonly [tenantId: string, name: string, data: unknown];

/** Both services over one empty store, with a clock that moves one second at each look, and what they noted. */
export function crmServices() {
  let seconds = 0;
  const now = () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++));
  const noted: Noted[] = [];
  const events: CrmEvents & { full?: Error } = {
    mustHaveRoom() {
      if (events.full !== undefined) throw events.full;
    },
    record: (...event) => noted.push(event),
  };
  const options = { store: createCrmStore(), pageSize: 3, now, events };
  return {
    noted,
    events,
    contacts: new ContactsService(options),
    deals: new DealsService({
      ...options,
      defaultCurrency: 'EUR',
      openStages: ['lead', 'qualified', 'proposal'],
    }),
  };
}
