import type { Contact, Deal } from '../types/index.ts';
import { TenantRecords } from './tenant-records.ts';

/** Everything that the CRM remembers, in memory. A database would stand here. */
export interface CrmStore {
  readonly contacts: TenantRecords<Contact>;
  readonly deals: TenantRecords<Deal>;
}

export function createCrmStore(): CrmStore {
  return { contacts: new TenantRecords('contact'), deals: new TenantRecords('deal') };
}
