import { describe, expect, it } from 'vitest';
import { testApp } from './test-app.ts';

const ada = { name: 'Ada Lovelace', email: 'ada@example.com' };
const createdAt = '2026-01-01T00:00:00.000Z';
const stored = { ...ada, id: 'contact-1', createdAt, updatedAt: createdAt };

describe('contacts routes', () => {
  it('create, read, replace and delete a contact', async () => {
    const send = testApp();
    expect(await send('POST', '/contacts', { body: ada })).toEqual({
      status: 201,
      body: { success: true, data: stored },
    });
    expect(await send('GET', '/contacts/contact-1')).toEqual({
      status: 200,
      body: { success: true, data: stored },
    });
    expect(await send('PUT', '/contacts/contact-1', { body: { ...ada, phone: '1' } })).toEqual({
      status: 200,
      body: { success: true, data: { ...stored, phone: '1' } },
    });
    expect(await send('DELETE', '/contacts/contact-1')).toEqual({
      status: 200,
      body: { success: true, message: 'contact deleted' },
    });
    expect(await send('GET', '/contacts/contact-1')).toEqual({
      status: 404,
      body: { success: false, error: 'there is no contact "contact-1"' },
    });
    expect(await send('GET', '/contacts')).toEqual({
      status: 200,
      body: { success: true, data: [], total: 0 },
    });
  });

  it.each(['id', 'createdAt', 'updatedAt'])('refuse to rewrite %s', async (field) => {
    const send = testApp();
    await send('POST', '/contacts', { body: ada });
    const body = { ...ada, [field]: 'contact-9' };
    expect(await send('PUT', '/contacts/contact-1', { body })).toEqual({
      status: 400,
      body: { success: false, error: `${field} is not known` },
    });
    expect(await send('GET', '/contacts/contact-1')).toMatchObject({ body: { data: stored } });
  });

  it('page through the demo data without a gap or a repetition', async () => {
    const send = testApp({ demoData: true, config: { pageSize: 5 } });
    const pages = await Promise.all([0, 5, 10].map((skip) => send('GET', `/contacts?skip=${skip}`)));
    const ids = pages.flatMap(({ body }) => (body as { data: { id: string }[] }).data.map(({ id }) => id));
    expect(ids).toEqual(Array.from({ length: 12 }, (_, index) => `contact-${index + 1}`));
    expect(await send('GET', '/contacts?search=ORBIT&take=1')).toMatchObject({
      body: { data: [{ name: 'Katherine Johnson' }], total: 3 },
    });
  });
});

describe('contacts routes, of a tenant without contacts,', () => {
  const send = testApp();

  it.each([
    [{ email: 'a@example.com' }, 'name is required'],
    [{ name: 'A' }, 'email is required'],
    [{ ...ada, name: 42 }, 'name must be string'],
    [{ ...ada, name: null }, 'name must be string'],
    [{ ...ada, name: ['A'] }, 'name must be string'],
    [{ ...ada, name: '  ' }, 'name must match pattern "\\S"'],
    [{ ...ada, email: 'ada' }, 'email must match format "email"'],
    [{ ...ada, phone: 5 }, 'phone must be string'],
    [{ ...ada, nickname: 'A' }, 'nickname is not known'],
    [{ ...ada, name: 'x'.repeat(201) }, 'name must NOT have more than 200 characters'],
    [[], 'body must be object'],
    [null, 'body must be object'],
    ['ada', 'body must be object'],
  ])('refuse the body %j, naming the field', async (body, error) => {
    expect(await send('POST', '/contacts', { body })).toEqual({
      status: 400,
      body: { success: false, error },
    });
    expect(await send('GET', '/contacts')).toMatchObject({ body: { total: 0 } });
  });

  it.each([
    ['take=0', 'query parameter take must be >= 1'],
    ['take=201', 'query parameter take must be <= 200'],
    ['take=x', 'query parameter take must be integer'],
    ['take=', 'query parameter take must be integer'],
    ['skip=-1', 'query parameter skip must be >= 0'],
    ['skip=1.5', 'query parameter skip must be integer'],
    ['search=a&search=b', 'query parameter search must be string'],
    ['limit=5', 'query parameter limit is not known'],
    ['__proto__=5', 'query parameter __proto__ is not known'],
  ])('refuse the query %s, naming the parameter', async (query, error) => {
    expect(await send('GET', `/contacts?${query}`)).toEqual({
      status: 400,
      body: { success: false, error },
    });
  });
});
