/** The CRM's domain types: those of plugin.json, as compiled, and what its services add. */
import type {
  Contact,
  ContactInput,
  ContactSnapshot,
  Deal,
  DealInput,
  DealStage,
  Money,
  PipelineSummary,
} from '@plexica/generated/plugins/plugin-crm';

export type { Contact, ContactInput, ContactSnapshot, Deal, DealInput, DealStage, Money, PipelineSummary };

/** Which part of a list is wanted. */
export interface PageQuery {
  /** How many to leave out. */
  readonly skip?: number | undefined;
  /** How many to return at most. */
  readonly take?: number | undefined;
  readonly search?: string | undefined;
}

export interface DealQuery extends PageQuery {
  readonly stage?: DealStage | undefined;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  /** How many match, on all pages. */
  readonly total: number;
}
