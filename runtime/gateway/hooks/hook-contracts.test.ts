import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ask, cloudEvent } from '../events/testing/events-api.ts';
import { createJournal, type Journal } from '../instances/testing/journal.ts';
import { createGateway, type Gateway } from '../server.ts';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { startGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const MADE = 'crm.contact.created';
const COUNTER = { id: 'sample-analytics', hooks: [MADE] };

let counter: TestPlugin;
let folder: GatewayFolder;
let journal: Journal;
let gateway: Gateway | undefined;

beforeEach(async () => {
  counter = await startPlugin();
  folder = await createGatewayFolder();
  journal = createJournal();
});
afterEach(async () => {
  await gateway?.close(0);
  gateway = undefined;
  await folder.remove();
  await counter.close();
});

const told = () => counter.seen.filter(({ target }) => target.startsWith('/hooks/'));

it('keep from a hook what its event may not say, however it came to be there', async () => {
  const own = await startGateway({
    plugins: [COUNTER, { id: 'plugin-crm', publishes: [MADE] }],
    upstreams: { 'sample-analytics': counter.url },
    payloads: { [MADE]: { type: 'object', properties: { contactId: { type: 'string' } } } },
  });
  try {
    // As with Kafka, or before a reload: nobody has looked at it.
    const stored = (id: string, contactId: unknown) => {
      const body = JSON.stringify(cloudEvent({ id, data: { contactId } }));
      const groups = ['hooks:sample-analytics'];
      return { id, source: 'plugin-crm', name: MADE, tenantId: 'acme', body, groups };
    };
    await own.context.events.hub?.publish([stored('e1', 7), stored('e2', 'c2')]);
    const letter = await own.journal.until('a hook was given up');
    expect(letter).toMatchObject({ eventId: 'e1', reason: 'payload-invalid', attempts: 0 });
    expect(letter.error).toBe('/contactId must be a string');
    await vi.waitUntil(() => told().length === 1);
    expect(told()[0]?.headers['x-plexica-event-id']).toBe('e2');
  } finally {
    await own.close();
  }
});

it('follow an event to another publisher', async () => {
  await folder.writeYaml({
    upstreams: {
      'sample-analytics': { urls: [counter.url.href] },
      'plugin-contacts': { actAsTenants: ['*'] },
    },
  });
  await folder.writeTable([COUNTER, { id: 'plugin-crm', publishes: [MADE] }, { id: 'plugin-contacts' }]);
  gateway = await createGateway({ ...(await folder.read()), log: journal.log, load: folder.read });
  const { href: url } = await gateway.listen();
  await journal.until('and is HEALTHY');

  await folder.writeTable([COUNTER, { id: 'plugin-crm' }, { id: 'plugin-contacts', publishes: [MADE] }]);
  expect(await gateway.reload()).toMatchObject({ outcome: 'done' });
  const { token } = await gateway.context.tokens.issuePluginToken('plugin-contacts');
  const event = cloudEvent({ source: '/plugins/plugin-contacts' });
  expect((await ask(url, token, '/events', event)).status).toBe(202);

  await vi.waitUntil(() => told().length === 1);
});
