import { noReport } from '../report-error.ts';
import type { Page, PageQuery, Report, ReportContent } from '../types/index.ts';

/** How many reports of a tenant are kept; the oldest go first. */
const KEPT = 100;

/** The reports of each tenant, in memory. Tenants are keys of a Map, so that no name of one means anything. */
export class ReportsService {
  readonly #now: () => Date;
  readonly #tenants = new Map<string, { created: number; readonly reports: Report[] }>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Ids count up within a tenant and are never used again. */
  add(tenantId: string, content: ReportContent): Report {
    const tenant = this.#tenants.get(tenantId) ?? { created: 0, reports: [] };
    this.#tenants.set(tenantId, tenant);
    tenant.created += 1;
    const report = { id: `report-${tenant.created}`, createdAt: this.#now().toISOString(), ...content };
    tenant.reports.unshift(report);
    tenant.reports.splice(KEPT);
    return report;
  }

  /** Newest first. */
  list(tenantId: string, { skip = 0, take = 50 }: PageQuery = {}): Page<Report> {
    const reports = this.#tenants.get(tenantId)?.reports ?? [];
    return { items: reports.slice(skip, skip + take), total: reports.length };
  }

  /** Throws a `ReportError` where the tenant has no such report. */
  get(tenantId: string, id: string): Report {
    const report = this.#tenants.get(tenantId)?.reports.find((kept) => kept.id === id);
    if (report === undefined) throw noReport(id);
    return report;
  }
}
