import { ContactsService } from '../services/contacts.service.ts';
import { createCrmStore } from '../services/crm-store.ts';
import { DealsService } from '../services/deals.service.ts';

/** Both services over one empty store, with a clock that moves one second at each look. */
export function crmServices() {
  let seconds = 0;
  const now = () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++));
  const store = createCrmStore();
  return {
    contacts: new ContactsService({ store, pageSize: 3, now }),
    deals: new DealsService({
      store,
      pageSize: 3,
      defaultCurrency: 'EUR',
      openStages: ['lead', 'qualified', 'proposal'],
      now,
    }),
  };
}
