import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ContactsService } from '../services/contacts.service.ts';
import type { DealsService } from '../services/deals.service.ts';
import { dealStages } from '../services/summarize-pipeline.ts';
import { crmServices } from './crm-services.ts';

const engine = { title: 'Engine', contactId: 'contact-1', amount: 100 };

describe('DealsService', () => {
  let contacts: ContactsService;
  let deals: DealsService;

  beforeEach(() => {
    ({ contacts, deals } = crmServices());
    contacts.create('demo', { name: 'Ada', email: 'ada@example.com' });
  });

  it('fills in currency and stage', () => {
    expect(deals.create('demo', engine)).toMatchObject({ id: 'deal-1', currency: 'EUR', stage: 'lead' });
    expect(deals.create('demo', { ...engine, currency: 'USD', stage: 'won' })).toMatchObject({
      id: 'deal-2',
      currency: 'USD',
      stage: 'won',
    });
  });

  it('replaces all that a request can say, and neither id nor createdAt', () => {
    const { id, createdAt } = deals.create('demo', { ...engine, stage: 'won' });
    const hostile = { ...engine, amount: 7, id: 'deal-9', createdAt: 'never' };
    expect(deals.update('demo', id, hostile)).toMatchObject({ id, createdAt, amount: 7, stage: 'lead' });
    expect(deals.list('demo').total).toBe(1);
  });

  it.each(['contact-2', '', '__proto__'])(
    'refuses a deal with contact %j, which is not there',
    (contactId) => {
      const refused = expect.objectContaining({
        statusCode: 400,
        message: expect.stringMatching(/^contactId: /),
      });
      expect(() => deals.create('demo', { ...engine, contactId })).toThrow(refused);
      deals.create('demo', engine);
      expect(() => deals.update('demo', 'deal-1', { ...engine, contactId })).toThrow(refused);
      expect(deals.get('demo', 'deal-1').contactId).toBe('contact-1');
    },
  );

  it("refuses a deal with another tenant's contact", () => {
    contacts.create('acme', { name: 'Wile', email: 'wile@acme.example' });
    contacts.create('acme', { name: 'Daffy', email: 'daffy@acme.example' });
    expect(() => deals.create('demo', { ...engine, contactId: 'contact-2' })).toThrow(
      'no contact "contact-2"',
    );
  });

  it('lists by stage and title, in the order of creation', () => {
    for (const [title, stage] of [
      ['Engine', 'lead'],
      ['Mill', 'won'],
      ['Big engine', 'won'],
    ] as const) {
      deals.create('demo', { ...engine, title, stage });
    }
    const titles = (query: Parameters<DealsService['list']>[1]) =>
      deals.list('demo', query).items.map(({ title }) => title);
    expect(titles({})).toEqual(['Engine', 'Mill', 'Big engine']);
    expect(titles({ stage: 'won' })).toEqual(['Mill', 'Big engine']);
    expect(titles({ search: 'ENGINE' })).toEqual(['Engine', 'Big engine']);
    expect(titles({ search: 'engine', stage: 'won', skip: 1 })).toEqual([]);
  });

  it.each(['acme', '__proto__'])('shows nothing of another tenant to %s', (other) => {
    deals.create('demo', engine);
    const notFound = expect.objectContaining({ statusCode: 404 });
    expect(deals.list(other)).toEqual({ items: [], total: 0 });
    expect(() => deals.get(other, 'deal-1')).toThrow(notFound);
    expect(() => deals.update(other, 'deal-1', engine)).toThrow(notFound);
    expect(() => deals.delete(other, 'deal-1')).toThrow(notFound);
    expect(deals.summarizePipeline(other).totalDeals).toBe(0);
    expect(deals.list('demo').total).toBe(1);
  });
});

describe('summarizePipeline', () => {
  it('adds up each currency by itself, and counts the stages that the settings call open', () => {
    const { contacts, deals } = crmServices();
    contacts.create('demo', { name: 'Ada', email: 'ada@example.com' });
    deals.create('demo', { ...engine, amount: 10, stage: 'won', currency: 'USD' });
    deals.create('demo', { ...engine, amount: 20, stage: 'won' });
    deals.create('demo', { ...engine, amount: 5, stage: 'won' });
    deals.create('demo', { ...engine, amount: 1, stage: 'proposal' });
    expect(deals.summarizePipeline('demo')).toEqual({
      stages: [
        { stage: 'lead', deals: 0, amounts: [] },
        { stage: 'qualified', deals: 0, amounts: [] },
        { stage: 'proposal', deals: 1, amounts: [{ currency: 'EUR', amount: 1 }] },
        {
          stage: 'won',
          deals: 3,
          amounts: [
            { currency: 'EUR', amount: 25 },
            { currency: 'USD', amount: 10 },
          ],
        },
        { stage: 'lost', deals: 0, amounts: [] },
      ],
      totalDeals: 4,
      openDeals: 1,
      totalAmounts: [
        { currency: 'EUR', amount: 26 },
        { currency: 'USD', amount: 10 },
      ],
    });
  });

  it('knows the stages of the manifest, all and no others', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../plugin.json', import.meta.url), 'utf8'));
    expect(dealStages).toEqual(manifest.schemas.DealStage.enum);
  });

  it('tells of a deal that goes to another stage, and of no other change', () => {
    const { contacts, deals, noted } = crmServices();
    contacts.create('demo', { name: 'Ada', email: 'ada@example.com' });
    const { id } = deals.create('demo', engine);
    deals.update('demo', id, { ...engine, amount: 200 });
    deals.update('demo', id, { ...engine, amount: 200, stage: 'won' });
    deals.delete('demo', id);
    const changed = { id, contactId: 'contact-1', from: 'lead', to: 'won', amount: 200, currency: 'EUR' };
    expect(noted.slice(1)).toEqual([['demo', 'crm.deal.stage-changed', changed]]);
  });
});
