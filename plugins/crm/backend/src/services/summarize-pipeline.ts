import type { Deal, DealStage, Money, PipelineSummary } from '../types/index.ts';

/** In the order in which deals pass them. */
export const dealStages: readonly DealStage[] = ['lead', 'qualified', 'proposal', 'won', 'lost'];

/** Counts deals and adds up their amounts. Amounts of two currencies are never added to each other. */
export function summarizePipeline(deals: readonly Deal[], openStages: readonly DealStage[]): PipelineSummary {
  const stages = dealStages.map((stage) => {
    const ofStage = deals.filter((deal) => deal.stage === stage);
    return { stage, deals: ofStage.length, amounts: addUp(ofStage) };
  });
  return {
    stages,
    totalDeals: deals.length,
    openDeals: deals.filter(({ stage }) => openStages.includes(stage)).length,
    totalAmounts: addUp(deals),
  };
}

function addUp(deals: readonly Deal[]): Money[] {
  const sums = new Map<string, number>();
  for (const { currency, amount } of deals) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums]
    .map(([currency, amount]) => ({ currency, amount }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
