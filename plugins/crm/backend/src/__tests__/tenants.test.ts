import { beforeAll, describe, expect, it } from 'vitest';
import { testApp } from './test-app.ts';

const contact = { name: 'Secret', email: 'secret@example.com' };
const deal = { title: 'Secret', contactId: 'contact-1', amount: 7 };

/** Every endpoint, called by a tenant that has nothing. */
const requests = [
  ['GET', '/contacts', undefined, 200],
  ['GET', '/contacts?search=secret', undefined, 200],
  ['GET', '/contacts/contact-1', undefined, 404],
  ['PUT', '/contacts/contact-1', contact, 404],
  ['DELETE', '/contacts/contact-1', undefined, 404],
  ['GET', '/deals', undefined, 200],
  ['GET', '/deals?stage=lead&search=secret', undefined, 200],
  ['GET', '/deals/deal-1', undefined, 404],
  ['GET', '/deals/pipeline/summary', undefined, 200],
  ['POST', '/deals', deal, 400],
  ['PUT', '/deals/deal-1', deal, 404],
  ['DELETE', '/deals/deal-1', undefined, 404],
] as const;

describe.each(['other', '__proto__', 'constructor', 'DEMO'])('tenant %s', (other) => {
  const send = testApp();

  beforeAll(async () => {
    await send('POST', '/contacts', { body: contact });
    await send('POST', '/deals', { body: deal });
  });

  it.each(requests)('%s %s shows and changes nothing of tenant demo', async (method, url, body, status) => {
    const answered = await send(method, url, { tenant: other, body });
    expect(answered.status).toBe(status);
    expect(JSON.stringify(answered.body)).not.toMatch(/Secret|secret@/);
    expect(await send('GET', '/deals/pipeline/summary', { tenant: other })).toMatchObject({
      body: { data: { totalDeals: 0, totalAmounts: [] } },
    });
    expect(await send('GET', '/contacts')).toMatchObject({ body: { data: [contact], total: 1 } });
    expect(await send('GET', '/deals')).toMatchObject({ body: { data: [deal], total: 1 } });
  });
});

it('begins with two tenants that have something to show, and no more', async () => {
  const send = testApp({ demoData: true });
  const totals = async (tenant: string) =>
    await Promise.all(
      ['/contacts', '/deals'].map(async (url) => {
        const { body } = await send('GET', url, { tenant });
        return body;
      }),
    );
  expect(await totals('demo')).toMatchObject([{ total: 12 }, { total: 8 }]);
  expect(await totals('acme')).toMatchObject([{ total: 3 }, { total: 2 }]);
  expect(await totals('other')).toMatchObject([{ total: 0 }, { total: 0 }]);
});
