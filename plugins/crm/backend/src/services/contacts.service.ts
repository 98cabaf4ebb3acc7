import { contactHasDeals, noContact } from '../crm-error.ts';
import type { CrmEvents } from '../events/crm-events.ts';
import type { Contact, ContactInput, ContactSnapshot, Page, PageQuery } from '../types/index.ts';
import type { CrmStore } from './crm-store.ts';
import { hasText, pageOf } from './page-of.ts';

export interface ContactsServiceOptions {
  readonly store: CrmStore;
  /** How many contacts a page holds when the query does not say. */
  readonly pageSize: number;
  readonly now: () => Date;
  /** Told of every change. */
  readonly events: CrmEvents;
}

/** The contacts of each tenant. Methods throw a `CrmError` for what the CRM's rules refuse. */
export class ContactsService {
  readonly #store: CrmStore;
  readonly #pageSize: number;
  readonly #now: () => Date;
  readonly #events: CrmEvents;

  constructor({ store, pageSize, now, events }: ContactsServiceOptions) {
    this.#store = store;
    this.#pageSize = pageSize;
    this.#now = now;
    this.#events = events;
  }

  list(tenantId: string, query: PageQuery = {}): Page<Contact> {
    const { search } = query;
    const contacts = this.#store.contacts.all(tenantId);
    const matches =
      search === undefined
        ? contacts
        : contacts.filter(({ name, email, company }) => hasText([name, email, company], search));
    return pageOf(matches, query, this.#pageSize);
  }

  get(tenantId: string, id: string): Contact {
    const contact = this.#store.contacts.get(tenantId, id);
    if (contact === undefined) throw noContact(id);
    return contact;
  }

  create(tenantId: string, input: ContactInput): Contact {
    this.#events.mustHaveRoom();
    const createdAt = this.#now().toISOString();
    const fields = { ...input, createdAt, updatedAt: createdAt };
    const contact = this.#store.contacts.add(tenantId, (id) => ({ ...fields, id }));
    this.#events.record(tenantId, 'crm.contact.created', snapshotOf(contact));
    return contact;
  }

  update(tenantId: string, id: string, input: ContactInput): Contact {
    const { createdAt } = this.get(tenantId, id);
    this.#events.mustHaveRoom();
    const contact = { ...input, id, createdAt, updatedAt: this.#now().toISOString() };
    this.#store.contacts.replace(tenantId, contact);
    this.#events.record(tenantId, 'crm.contact.updated', snapshotOf(contact));
    return contact;
  }

  delete(tenantId: string, id: string): void {
    this.get(tenantId, id);
    const deals = this.#store.deals.all(tenantId).filter(({ contactId }) => contactId === id).length;
    if (deals > 0) throw contactHasDeals(id, deals);
    this.#events.mustHaveRoom();
    this.#store.contacts.delete(tenantId, id);
    this.#events.record(tenantId, 'crm.contact.deleted', { id });
  }
}

/** What of a contact others are told. */
function snapshotOf({ id, name, email, company }: Contact): ContactSnapshot {
  return { id, name, email, ...(company !== undefined && { company }) };
}
