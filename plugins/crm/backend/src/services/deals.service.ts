import { noContactForDeal, noDeal } from '../crm-error.ts';
import type { CrmEvents } from '../events/crm-events.ts';
import type { Deal, DealInput, DealQuery, DealStage, Page, PipelineSummary } from '../types/index.ts';
import type { CrmStore } from './crm-store.ts';
import { hasText, pageOf } from './page-of.ts';
import { summarizePipeline } from './summarize-pipeline.ts';

export interface DealsServiceOptions {
  readonly store: CrmStore;
  /** How many deals a page holds when the query does not say. */
  readonly pageSize: number;
  /** Of deals that name none. */
  readonly defaultCurrency: string;
  /** The stages whose deals count as open. */
  readonly openStages: readonly DealStage[];
  readonly now: () => Date;
  /** Told when a deal goes to another stage. */
  readonly events: CrmEvents;
}

/** The deals of each tenant. Methods throw a `CrmError` for what the CRM's rules refuse. */
export class DealsService {
  readonly #options: DealsServiceOptions;

  constructor(options: DealsServiceOptions) {
    this.#options = options;
  }

  list(tenantId: string, query: DealQuery = {}): Page<Deal> {
    const { search, stage } = query;
    const { store, pageSize } = this.#options;
    const matches = store.deals
      .all(tenantId)
      .filter((deal) => stage === undefined || deal.stage === stage)
      .filter((deal) => search === undefined || hasText([deal.title], search));
    return pageOf(matches, query, pageSize);
  }

  get(tenantId: string, id: string): Deal {
    const deal = this.#options.store.deals.get(tenantId, id);
    if (deal === undefined) throw noDeal(id);
    return deal;
  }

  create(tenantId: string, input: DealInput): Deal {
    const fields = this.#complete(tenantId, input);
    const createdAt = this.#options.now().toISOString();
    return this.#options.store.deals.add(tenantId, (id) => ({
      ...fields,
      id,
      createdAt,
      updatedAt: createdAt,
    }));
  }

  update(tenantId: string, id: string, input: DealInput): Deal {
    const { store, events, now } = this.#options;
    const { createdAt, stage: from } = this.get(tenantId, id);
    const fields = this.#complete(tenantId, input);
    events.mustHaveRoom();
    const deal = { ...fields, id, createdAt, updatedAt: now().toISOString() };
    store.deals.replace(tenantId, deal);
    const { contactId, stage: to, amount, currency } = deal;
    if (from !== to) {
      events.record(tenantId, 'crm.deal.stage-changed', { id, contactId, from, to, amount, currency });
    }
    return deal;
  }

  delete(tenantId: string, id: string): void {
    if (!this.#options.store.deals.delete(tenantId, id)) throw noDeal(id);
  }

  summarizePipeline(tenantId: string): PipelineSummary {
    return summarizePipeline(this.#options.store.deals.all(tenantId), this.#options.openStages);
  }

  /** Fills in defaults, and sees to it that a deal refers to a contact of its own tenant. */
  #complete(tenantId: string, input: DealInput) {
    const { store, defaultCurrency } = this.#options;
    if (store.contacts.get(tenantId, input.contactId) === undefined) throw noContactForDeal(input.contactId);
    return { ...input, currency: input.currency ?? defaultCurrency, stage: input.stage ?? ('lead' as const) };
  }
}
