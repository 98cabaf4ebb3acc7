import type { CompanyCount, Money } from '../types/index.ts';

/** Adds up amounts by currency; those of two currencies never meet. */
export class MoneyTally {
  readonly #sums = new Map<string, { amount: number; count: number }>();

  add({ currency, amount }: Money): void {
    const sum = this.#sums.get(currency) ?? { amount: 0, count: 0 };
    this.#sums.set(currency, { amount: sum.amount + amount, count: sum.count + 1 });
  }

  /** By currency, in alphabetical order. */
  totals(): Money[] {
    return this.#list((amount) => amount);
  }

  /** Rounded to the smallest unit of the currency. */
  averages(): Money[] {
    return this.#list((amount, count) => Math.round(amount / count));
  }

  #list(figure: (amount: number, count: number) => number): Money[] {
    return [...this.#sums]
      .map(([currency, { amount, count }]) => ({ currency, amount: figure(amount, count) }))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1));
  }
}

/** Counts contacts by the company that they name. */
export class CompanyTally {
  readonly #counts = new Map<string | undefined, number>();

  add(company: string | undefined): void {
    this.#counts.set(company, (this.#counts.get(company) ?? 0) + 1);
  }

  /** Largest first, then by name; those without a company after those of its size. */
  counts(): CompanyCount[] {
    return [...this.#counts]
      .map(([company, contacts]) => ({ ...(company !== undefined && { company }), contacts }))
      .sort((a, b) => b.contacts - a.contacts || compareCompanies(a.company, b.company));
  }
}

function compareCompanies(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined || a < b ? -1 : 1;
}
