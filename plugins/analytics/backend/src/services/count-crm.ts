import type { PluginAnalyticsDependencies } from '@plexica/generated/clients/plugin-analytics';
import { paginate } from '@plexica/sdk';
import type { ReportContent } from '../types/index.ts';
import { CompanyTally, MoneyTally } from './tally.ts';

/**
 * Counts everything that the CRM keeps for one tenant, page by page. The CRM may change meanwhile: figures that
 * come from different calls need not agree to the last deal.
 */
export async function countCrm({ crm }: PluginAnalyticsDependencies): Promise<ReportContent> {
  const [contacts, deals, pipeline] = await Promise.all([
    countContacts(crm),
    countDeals(crm),
    crm.deals.getPipelineSummary(),
  ]);
  return { ...contacts, ...deals, openDeals: pipeline.openDeals };
}

type Crm = PluginAnalyticsDependencies['crm'];

async function countContacts(crm: Crm) {
  const companies = new CompanyTally();
  let totalContacts = 0;
  for await (const { company } of paginate((page) => crm.contacts.list(page))) {
    totalContacts += 1;
    companies.add(company);
  }
  return { totalContacts, contactsByCompany: companies.counts() };
}

async function countDeals(crm: Crm) {
  const all = new MoneyTally();
  const won = new MoneyTally();
  let totalDeals = 0;
  for await (const deal of paginate((page) => crm.deals.list(page))) {
    totalDeals += 1;
    all.add(deal);
    if (deal.stage === 'won') won.add(deal);
  }
  return {
    totalDeals,
    totalAmounts: all.totals(),
    wonAmounts: won.totals(),
    averageAmounts: all.averages(),
  };
}
