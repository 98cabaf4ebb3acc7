/** The domain types of Analytics: those of plugin.json, as compiled, and what its services add. */
import type { CompanyCount, Counters, Money, Report } from '@plexica/generated/plugins/plugin-analytics';

export type { CompanyCount, Counters, Money, Report };

/** What a report says, before it is kept. */
export type ReportContent = Omit<Report, 'id' | 'createdAt'>;

/** Which part of a list is wanted. */
export interface PageQuery {
  /** How many to leave out. */
  readonly skip?: number | undefined;
  /** How many to return at most. */
  readonly take?: number | undefined;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  /** How many there are, on all pages. */
  readonly total: number;
}
