import { describe, expect, it } from 'vitest';
import { CompanyTally, MoneyTally } from '../services/tally.ts';

describe('MoneyTally', () => {
  it('adds up and averages each currency by itself', () => {
    const tally = new MoneyTally();
    for (const amount of [1, 2, 2]) tally.add({ currency: 'USD', amount });
    tally.add({ currency: 'EUR', amount: 40 });
    expect(tally.totals()).toEqual([
      { currency: 'EUR', amount: 40 },
      { currency: 'USD', amount: 5 },
    ]);
    expect(tally.averages()).toEqual([
      { currency: 'EUR', amount: 40 },
      { currency: 'USD', amount: 2 },
    ]);
  });

  it('has nothing to say of nothing', () => {
    expect(new MoneyTally().averages()).toEqual([]);
  });
});

describe('CompanyTally', () => {
  it('counts, the largest first, then by name, contacts without a company last of their size', () => {
    const tally = new CompanyTally();
    for (const company of [undefined, 'b', 'Z', 'a', 'big', 'big', '__proto__']) tally.add(company);
    expect(tally.counts()).toEqual([
      { company: 'big', contacts: 2 },
      { company: 'Z', contacts: 1 },
      { company: '__proto__', contacts: 1 },
      { company: 'a', contacts: 1 },
      { company: 'b', contacts: 1 },
      { contacts: 1 },
    ]);
  });
});
