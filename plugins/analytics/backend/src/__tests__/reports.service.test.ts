import { describe, expect, it } from 'vitest';
import { ReportsService } from '../services/reports.service.ts';
import type { ReportContent } from '../types/index.ts';

const empty: ReportContent = {
  totalContacts: 0,
  contactsByCompany: [],
  totalDeals: 0,
  openDeals: 0,
  totalAmounts: [],
  wonAmounts: [],
  averageAmounts: [],
};

function reportsOf(count: number): ReportsService {
  const reports = new ReportsService(() => new Date('2026-01-01T00:00:00Z'));
  for (let made = 1; made <= count; made += 1) reports.add('demo', { ...empty, totalContacts: made });
  return reports;
}

describe('ReportsService', () => {
  it('gives a report an id and the time', () => {
    expect(reportsOf(0).add('demo', empty)).toEqual({
      ...empty,
      id: 'report-1',
      createdAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('lists the newest first, page by page', () => {
    const reports = reportsOf(5);
    const pages = [0, 2, 4].map((skip) => reports.list('demo', { skip, take: 2 }));
    expect(pages.flatMap(({ items }) => items.map(({ totalContacts }) => totalContacts))).toEqual([
      5, 4, 3, 2, 1,
    ]);
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5]);
  });

  it('keeps the newest hundred', () => {
    const reports = reportsOf(101);
    expect(reports.list('demo', { take: 200 })).toMatchObject({ items: { length: 100 }, total: 100 });
    expect(reports.get('demo', 'report-101').totalContacts).toBe(101);
    expect(() => reports.get('demo', 'report-1')).toThrow('there is no report "report-1"');
  });

  it.each(['acme', '__proto__', 'constructor'])('shows nothing of another tenant to %s', (other) => {
    const reports = reportsOf(1);
    expect(reports.list(other)).toEqual({ items: [], total: 0 });
    expect(() => reports.get(other, 'report-1')).toThrow(expect.objectContaining({ statusCode: 404 }));
    reports.add(other, { ...empty, totalContacts: 9 });
    expect(reports.get('demo', 'report-1').totalContacts).toBe(1);
    expect(reports.get(other, 'report-1').totalContacts).toBe(9);
  });
});
