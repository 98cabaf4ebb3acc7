import { coreEvents } from '@plexica/types';
import { describe, expect, it } from 'vitest';
import { publisherId } from '../ir/publisher-id.ts';
import { programOf } from '../testing/program-of.ts';

const CRM = {
  id: 'plugin-crm',
  name: 'CRM',
  version: '1.0.0',
  schemas: { Contact: { type: 'object' } },
  events: {
    publishes: [
      'crm.contact.deleted',
      { name: 'crm.contact.created', description: 'Somebody new', schema: { $ref: '#/schemas/Contact' } },
      { name: 'crm.contact.imported', schema: { $ref: './imported.json' } },
    ],
  },
};
const MAIL = {
  id: 'plugin-mail',
  name: 'Mail',
  version: '1.0.0',
  backend: { hooks: [{ name: 'user.login' }, { name: 'crm.contact.deleted' }] },
  events: {
    subscribes: ['crm.contact.created', { name: 'nobody.knows', schema: { type: 'string' } }, 'api.request'],
  },
};
const program = programOf({
  'plugins/crm/plugin.json': CRM,
  'plugins/crm/imported.json': { type: 'array' },
  'plugins/mail/plugin.json': MAIL,
});
const [crm, mail] = program.plugins;

describe('the events of a program', () => {
  it('are those of the platform, then those of the plugins', () => {
    expect(program.events.map((event) => [publisherId(event), event.name])).toEqual([
      ...Object.keys(coreEvents).map((name) => ['platform', name]),
      ['plugin-crm', 'crm.contact.deleted'],
      ['plugin-crm', 'crm.contact.created'],
      ['plugin-crm', 'crm.contact.imported'],
    ]);
  });

  it('have what the manifest says, whether short or long, with schema files in their place', () => {
    expect(
      crm?.publishes.map(({ typeName, description, schema }) => ({ typeName, description, schema })),
    ).toEqual([
      { typeName: 'CrmContactDeleted', description: undefined, schema: undefined },
      { typeName: 'CrmContactCreated', description: 'Somebody new', schema: { $ref: '#/schemas/Contact' } },
      { typeName: 'CrmContactImported', description: undefined, schema: { type: 'array' } },
    ]);
    for (const { name, span } of crm?.publishes ?? []) {
      expect(span?.file.text.slice(span.start, span.end)).toBe(`"${name}"`);
    }
  });

  it('are what subscriptions and hooks lead to, where somebody publishes them', () => {
    const [deleted, created] = crm?.publishes ?? [];
    const login = program.events.find(({ name }) => name === 'user.login');
    const request = program.events.find(({ name }) => name === 'api.request');

    expect(mail?.subscribes.map(({ event }) => event)).toEqual([created, undefined, request]);
    expect(mail?.hooks.map(({ event }) => event)).toEqual([login, deleted]);
    const schema = mail?.subscribes[1]?.schema;
    expect(schema?.value).toEqual({ type: 'string' });
    expect(schema?.span.file.text.slice(schema.span.start, schema.span.end)).toBe('"schema"');
  });

  it('belong to the platform where a plugin claims one of its names, and to the first of two plugins', () => {
    const claims = (id: string) => ({ ...CRM, id, events: { publishes: ['user.login', 'both'] } });
    const mine = { ...MAIL, events: { subscribes: ['user.login', 'both'] } };
    const { plugins } = programOf({
      'b/plugin.json': claims('plugin-b'),
      'a/plugin.json': claims('plugin-a'),
      'mail/plugin.json': mine,
    });
    expect(plugins[2]?.subscribes.map(({ event }) => event && publisherId(event))).toEqual([
      'platform',
      'plugin-a',
    ]);
  });
});
