import { createHash } from 'node:crypto';
import { coreEvents, type EventsDocument, isEventsDocument } from '@plexica/types';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf, type WorkspaceFiles } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { routeTable } from '../routes/route-table.ts';
import { emitEvents } from './emit-events.ts';

const REPOSITORY = new URL('../../../', import.meta.url);
const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitEvents', () => {
  it.each(['shop', 'hostile'])('prints the golden events of %s', async (name) => {
    await matchGolden(emitEvents(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('prints the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitEvents(programOf(reversed(files)))]).toEqual([...emitEvents(programOf(files))]);
  });

  it.each([
    ['the repository', readWorkspace(REPOSITORY)],
    ['shop', fixture('shop')],
    ['hostile', fixture('hostile')],
  ])('makes events.json of %s that belongs to the table, plugin by plugin', (_, files) => {
    const program = programOf(files);
    const text = textOf(files, 'events.json');
    const { events } = documentOf(files);
    const table = routeTable(program);

    expect(table.events).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
    const lists = { publishers: 'publishes', subscribers: 'subscribes', hooks: 'hooks' } as const;
    for (const [told, own] of Object.entries(lists)) {
      const pairs = Object.entries(events).flatMap(([name, event]) =>
        // The keys of `lists` are members of an event.
        event[told as keyof typeof lists].map((id) => `${id} ${name}`),
      );
      const expected = table.plugins.flatMap((plugin) =>
        (plugin[own] ?? []).map((name) => `${plugin.id} ${name}`),
      );
      expect(pairs.filter((pair) => !pair.startsWith('platform ')).sort()).toEqual(expected.sort());
    }
  });

  it('has every core event, whether somebody wants it or not', () => {
    const { events } = documentOf({ 'a/plugin.json': { id: 'a', name: 'A', version: '1.0.0' } });
    expect(Object.keys(events)).toEqual(Object.keys(coreEvents));
    expect(events['user.login']).toMatchObject({
      publishers: ['platform'],
      subscribers: [],
      hooks: [],
      schema: { required: ['userId'], properties: { userId: { type: 'string', minLength: 1 } } },
    });
    expect(JSON.stringify(events)).not.toContain('description');
  });

  it('prints schemas that need nothing outside of them', () => {
    for (const files of [fixture('shop'), fixture('hostile'), readWorkspace(REPOSITORY)]) {
      for (const { schema } of Object.values(documentOf(files).events)) {
        const ajv = new Ajv2020({ strict: false, unicodeRegExp: true });
        addFormats.default(ajv);
        if (schema !== undefined) expect(() => ajv.compile(schema)).not.toThrow();
      }
    }
  });

  it('checks a payload as the manifest says, through named schemas', () => {
    const schema = documentOf(fixture('shop')).events['catalog.price.changed']?.schema ?? {};
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate({ productId: 'p-1', price: { amount: 1, currency: 'EUR' } })).toBe(true);
    expect(validate({ productId: 'p-1', price: { amount: 1, currency: 'USD' } })).toBe(false);
    expect(validate({ productId: 'p'.repeat(21), price: { amount: 1, currency: 'EUR' } })).toBe(false);
  });

  it('has no file for a plugin that has nothing to do with events', () => {
    const paths = [...emitEvents(programOf(fixture('shop')))].map(({ path }) => path);
    expect(paths).not.toContain('events/shop-banner.ts');
    expect(paths).toContain('events/payloads/platform.ts');
    const alone = {
      'a/plugin.json': { id: 'a', name: 'A', version: '1.0.0', events: { publishes: ['a.b'] } },
    };
    expect([...emitEvents(programOf(alone))].map(({ path }) => path)).toEqual([
      'events.json',
      'events/payloads/a.ts',
      'events/a.ts',
    ]);
  });

  it('tells a plugin with hooks alone what they are given', () => {
    const hooks = [{ name: 'user.logout' }];
    const files = { 'a/plugin.json': { id: 'a', name: 'A', version: '1.0.0', backend: { hooks } } };
    const text = textOf(files, 'events/a.ts');
    expect(text).toContain("'user.logout': platformPayloads.UserLogout;");
    expect(text).not.toContain('EventMap');
    expect(text).not.toContain('@plexica/event-bus');
  });
});

function documentOf(files: WorkspaceFiles): EventsDocument {
  const document: unknown = JSON.parse(textOf(files, 'events.json'));
  if (!isEventsDocument(document)) throw new Error('this is no document of events');
  return document;
}

function textOf(files: WorkspaceFiles, path: string): string {
  return [...emitEvents(programOf(files))].find((file) => file.path === path)?.text ?? '';
}
