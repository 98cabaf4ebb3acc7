import { beforeEach, describe, expect, it } from 'vitest';
import type { ContactsService } from '../services/contacts.service.ts';
import type { DealsService } from '../services/deals.service.ts';
import { crmServices } from './crm-services.ts';

const ada = { name: 'Ada Lovelace', email: 'ada@example.com', company: 'Analytical Engines' };

describe('ContactsService', () => {
  let contacts: ContactsService;
  let deals: DealsService;

  beforeEach(() => {
    ({ contacts, deals } = crmServices());
  });

  it('creates a contact with an id and the time', () => {
    const createdAt = '2026-01-01T00:00:00.000Z';
    expect(contacts.create('demo', ada)).toEqual({
      ...ada,
      id: 'contact-1',
      createdAt,
      updatedAt: createdAt,
    });
  });

  it('replaces all that a request can say, and neither id nor createdAt', () => {
    const { id, createdAt } = contacts.create('demo', ada);
    const hostile = { name: 'Ada King', email: 'ada@example.com', id: 'contact-7', createdAt: 'never' };
    expect(contacts.update('demo', id, hostile)).toEqual({
      id,
      name: 'Ada King',
      email: 'ada@example.com',
      createdAt,
      updatedAt: '2026-01-01T00:00:01.000Z',
    });
  });

  it('lists in the order of creation, in pages that together are the whole', () => {
    const names = ['c', 'a', 'e', 'b', 'd'];
    for (const name of names) contacts.create('demo', { name, email: `${name}@example.com` });
    contacts.update('demo', 'contact-2', { name: 'z', email: 'z@example.com' });
    const pages = [0, 2, 4].map((skip) => contacts.list('demo', { skip, take: 2 }));
    expect(pages.flatMap(({ items }) => items.map(({ name }) => name))).toEqual(['c', 'z', 'e', 'b', 'd']);
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5]);
  });

  it('holds as many as the page size where the query does not say', () => {
    for (const name of ['a', 'b', 'c', 'd']) contacts.create('demo', { name, email: `${name}@example.com` });
    expect(contacts.list('demo')).toMatchObject({ items: { length: 3 }, total: 4 });
    expect(contacts.list('demo', { skip: 9 })).toEqual({ items: [], total: 4 });
  });

  it.each([
    ['ADA', ['Ada Lovelace']],
    ['example.com', ['Ada Lovelace', 'Édouard Lucas']],
    ['analytical', ['Ada Lovelace']],
    ['édouard', ['Édouard Lucas']],
    ['.*', []],
    ['undefined', []],
    ['', ['Ada Lovelace', 'Édouard Lucas']],
  ])('searches names, email addresses and companies for %j', (search, names) => {
    contacts.create('demo', ada);
    contacts.create('demo', { name: 'Édouard Lucas', email: 'edouard@example.com' });
    const { items, total } = contacts.list('demo', { search });
    expect(items.map(({ name }) => name)).toEqual(names);
    expect(total).toBe(names.length);
  });

  it('never uses an id again', () => {
    contacts.create('demo', ada);
    contacts.delete('demo', 'contact-1');
    expect(contacts.create('demo', ada).id).toBe('contact-2');
  });

  it('refuses to delete a contact that has deals', () => {
    contacts.create('demo', ada);
    deals.create('demo', { title: 'Engine', contactId: 'contact-1', amount: 1 });
    expect(() => contacts.delete('demo', 'contact-1')).toThrow(
      expect.objectContaining({ statusCode: 409, message: expect.stringContaining('still has 1 deal:') }),
    );
    deals.delete('demo', 'deal-1');
    contacts.delete('demo', 'contact-1');
    expect(contacts.list('demo').total).toBe(0);
  });

  it.each(['acme', '__proto__', 'constructor', 'Demo'])('shows nothing of another tenant to %s', (other) => {
    const { id } = contacts.create('demo', ada);
    const notFound = expect.objectContaining({ statusCode: 404, message: `there is no contact "${id}"` });
    expect(contacts.list(other)).toEqual({ items: [], total: 0 });
    expect(() => contacts.get(other, id)).toThrow(notFound);
    expect(() => contacts.update(other, id, ada)).toThrow(notFound);
    expect(() => contacts.delete(other, id)).toThrow(notFound);

    contacts.create(other, { name: 'Other', email: 'other@example.com' });
    expect(contacts.get('demo', id).name).toBe('Ada Lovelace');
    expect(contacts.get(other, id).name).toBe('Other');
  });

  it('tells what became of contacts, and no more of them than others may know', () => {
    const { contacts, noted } = crmServices();
    contacts.create('demo', { ...ada, phone: '1' });
    contacts.update('demo', 'contact-1', { name: 'Ada King', email: 'ada@example.com' });
    contacts.delete('demo', 'contact-1');
    expect(noted).toEqual([
      ['demo', 'crm.contact.created', { ...ada, id: 'contact-1' }],
      ['demo', 'crm.contact.updated', { id: 'contact-1', name: 'Ada King', email: 'ada@example.com' }],
      ['demo', 'crm.contact.deleted', { id: 'contact-1' }],
    ]);
  });

  it('tells nobody of what is refused', () => {
    const { contacts, noted } = crmServices();
    expect(() => contacts.update('demo', 'contact-1', ada)).toThrow('no contact');
    expect(() => contacts.delete('demo', 'contact-1')).toThrow('no contact');
    expect(noted).toEqual([]);
  });

  it('changes nothing that cannot be told', () => {
    const { contacts, events, noted } = crmServices();
    const { id } = contacts.create('demo', ada);
    events.full = new Error('full');
    expect(() => contacts.create('demo', ada)).toThrow('full');
    expect(() => contacts.update('demo', id, { ...ada, name: 'Other' })).toThrow('full');
    expect(() => contacts.delete('demo', id)).toThrow('full');
    expect(contacts.list('demo')).toMatchObject({ items: [{ id, name: 'Ada Lovelace' }], total: 1 });
    expect(noted).toHaveLength(1);
  });
});
