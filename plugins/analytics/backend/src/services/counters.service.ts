import type { Counters } from '../types/index.ts';

/** What is counted; the rest of the counters says when. */
export type Counter = Exclude<keyof Counters, 'lastEventAt'>;

const NOTHING: Counters = { contactsCreated: 0, contactsUpdated: 0, contactsDeleted: 0, dealStageChanges: 0 };

/** The counters of each tenant, in memory: they begin anew with the process. Tenants are keys of a Map. */
export class CountersService {
  readonly #tenants = new Map<string, Counters>();

  /** @param time when it happened, in RFC 3339 */
  count(tenantId: string, counter: Counter, time: string): void {
    const { lastEventAt = time, ...counts } = this.get(tenantId);
    const latest = Date.parse(time) > Date.parse(lastEventAt) ? time : lastEventAt;
    this.#tenants.set(tenantId, { ...counts, [counter]: counts[counter] + 1, lastEventAt: latest });
  }

  get(tenantId: string): Counters {
    return this.#tenants.get(tenantId) ?? NOTHING;
  }
}
