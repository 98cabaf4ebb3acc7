/**
 * Records of one kind, kept apart by tenant, in the order in which they were created. Ids count up within
 * a tenant and are never used again. Tenants are keys of a Map, so that no name of one means anything.
 */
export class TenantRecords<T extends { readonly id: string }> {
  readonly #idPrefix: string;
  readonly #tenants = new Map<string, { created: number; readonly byId: Map<string, T> }>();

  /** Ids become `${idPrefix}-1`, `${idPrefix}-2` … */
  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix;
  }

  add(tenantId: string, make: (id: string) => T): T {
    const records = this.#tenants.get(tenantId) ?? { created: 0, byId: new Map<string, T>() };
    this.#tenants.set(tenantId, records);
    records.created += 1;
    const record = make(`${this.#idPrefix}-${records.created}`);
    records.byId.set(record.id, record);
    return record;
  }

  get(tenantId: string, id: string): T | undefined {
    return this.#tenants.get(tenantId)?.byId.get(id);
  }

  /** Puts a record in the place of the one with its id, which must be there. */
  replace(tenantId: string, record: T): void {
    const byId = this.#tenants.get(tenantId)?.byId;
    if (byId?.has(record.id) !== true) throw new Error(`no record "${record.id}" to replace`);
    byId.set(record.id, record);
  }

  /** Says whether it was there. */
  delete(tenantId: string, id: string): boolean {
    return this.#tenants.get(tenantId)?.byId.delete(id) ?? false;
  }

  /** All of a tenant's; none for a tenant that has stored nothing. */
  all(tenantId: string): T[] {
    return [...(this.#tenants.get(tenantId)?.byId.values() ?? [])];
  }
}
