import { beforeEach, describe, expect, it } from 'vitest';
import { type Send, testApp } from './test-app.ts';

const engine = { title: 'Engine', contactId: 'contact-1', amount: 100 };
const createdAt = '2026-01-01T00:00:00.000Z';
const stored = { ...engine, id: 'deal-1', currency: 'EUR', stage: 'lead', createdAt, updatedAt: createdAt };

describe('deals routes', () => {
  let send: Send;

  beforeEach(async () => {
    send = testApp();
    await send('POST', '/contacts', { body: { name: 'Ada', email: 'ada@example.com' } });
  });

  it('create, read, replace and delete a deal', async () => {
    expect(await send('POST', '/deals', { body: engine })).toEqual({
      status: 201,
      body: { success: true, data: stored },
    });
    expect(await send('GET', '/deals/deal-1')).toEqual({
      status: 200,
      body: { success: true, data: stored },
    });
    expect(await send('PUT', '/deals/deal-1', { body: { ...engine, stage: 'won' } })).toEqual({
      status: 200,
      body: { success: true, data: { ...stored, stage: 'won' } },
    });
    expect(await send('GET', '/deals?stage=won')).toMatchObject({ body: { total: 1 } });
    expect(await send('GET', '/deals?stage=lead&search=eng')).toMatchObject({ body: { total: 0 } });
    expect(await send('DELETE', '/deals/deal-1')).toEqual({
      status: 200,
      body: { success: true, message: 'deal deleted' },
    });
    expect(await send('DELETE', '/deals/deal-1')).toEqual({
      status: 404,
      body: { success: false, error: 'there is no deal "deal-1"' },
    });
  });

  it.each([
    [{ ...engine, contactId: 'contact-2' }, 'contactId: there is no contact "contact-2"'],
    [{ ...engine, amount: '100' }, 'amount must be integer'],
    [{ ...engine, amount: 0.5 }, 'amount must be integer'],
    [{ ...engine, amount: -1 }, 'amount must be >= 0'],
    [{ ...engine, amount: null }, 'amount must be integer'],
    [{ ...engine, currency: 'eur' }, 'currency must match pattern "^[A-Z]{3}$"'],
    [{ ...engine, stage: 'maybe' }, 'stage must be one of lead, qualified, proposal, won, lost'],
    [{ ...engine, id: 'deal-7' }, 'id is not known'],
    [{ title: 'Engine', amount: 1 }, 'contactId is required'],
  ])('refuse the body %j, naming the field', async (body, error) => {
    await send('POST', '/deals', { body: engine });
    const refused = { status: 400, body: { success: false, error } };
    expect(await send('POST', '/deals', { body })).toEqual(refused);
    expect(await send('PUT', '/deals/deal-1', { body })).toEqual(refused);
    expect(await send('GET', '/deals')).toMatchObject({ body: { data: [stored], total: 1 } });
  });

  it('keep a contact from being deleted', async () => {
    await send('POST', '/deals', { body: engine });
    expect(await send('DELETE', '/contacts/contact-1')).toEqual({
      status: 409,
      body: {
        success: false,
        error: 'contact "contact-1" still has 1 deal: delete its deals or give them to another contact first',
      },
    });
    expect(await send('GET', '/contacts/contact-1')).toMatchObject({ status: 200 });
  });

  it('take currency, page size and open stages from the settings', async () => {
    send = testApp({ config: { defaultCurrency: 'USD', pageSize: 1, openStages: ['lead', 'lost'] } });
    await send('POST', '/contacts', { body: { name: 'Ada', email: 'ada@example.com' } });
    for (const stage of ['lead', 'qualified', 'lost'])
      await send('POST', '/deals', { body: { ...engine, stage } });
    expect(await send('GET', '/deals')).toMatchObject({
      body: { data: [{ id: 'deal-1', currency: 'USD' }], total: 3 },
    });
    expect(await send('GET', '/deals/pipeline/summary')).toMatchObject({
      status: 200,
      body: {
        success: true,
        data: { totalDeals: 3, openDeals: 2, totalAmounts: [{ currency: 'USD', amount: 300 }] },
      },
    });
  });
});
