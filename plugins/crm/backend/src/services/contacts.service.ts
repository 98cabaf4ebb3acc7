import { contactHasDeals, noContact } from '../crm-error.ts';
import type { Contact, ContactInput, Page, PageQuery } from '../types/index.ts';
import type { CrmStore } from './crm-store.ts';
import { hasText, pageOf } from './page-of.ts';

export interface ContactsServiceOptions {
  readonly store: CrmStore;
  /** How many contacts a page holds when the query does not say. */
  readonly pageSize: number;
  readonly now: () => Date;
}

/** The contacts of each tenant. Methods throw a `CrmError` for what the CRM's rules refuse. */
export class ContactsService {
  readonly #store: CrmStore;
  readonly #pageSize: number;
  readonly #now: () => Date;

  constructor({ store, pageSize, now }: ContactsServiceOptions) {
    this.#store = store;
    this.#pageSize = pageSize;
    this.#now = now;
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
    const createdAt = this.#now().toISOString();
    return this.#store.contacts.add(tenantId, (id) => ({ ...input, id, createdAt, updatedAt: createdAt }));
  }

  update(tenantId: string, id: string, input: ContactInput): Contact {
    const { createdAt } = this.get(tenantId, id);
    const contact = { ...input, id, createdAt, updatedAt: this.#now().toISOString() };
    this.#store.contacts.replace(tenantId, contact);
    return contact;
  }

  delete(tenantId: string, id: string): void {
    this.get(tenantId, id);
    const deals = this.#store.deals.all(tenantId).filter(({ contactId }) => contactId === id).length;
    if (deals > 0) throw contactHasDeals(id, deals);
    this.#store.contacts.delete(tenantId, id);
  }
}
