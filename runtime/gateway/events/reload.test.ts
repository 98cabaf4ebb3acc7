import { digestOf } from '@plexica/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJournal } from '../instances/testing/journal.ts';
import { createGateway, type Gateway } from '../server.ts';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { ask, cloudEvent, PUBLISHER, readStream } from './testing/events-api.ts';

const MADE = 'crm.contact.created';
const WON = 'crm.deal.won';
const crmOnly = { ...PUBLISHER, subscribes: [] };
const analytics = (...subscribes: string[]) => ({ id: 'plugin-analytics', subscribes });

let folder: GatewayFolder;
let gateway: Gateway;
let url: string;

beforeEach(async () => {
  folder = await createGatewayFolder();
  await folder.writeYaml({ upstreams: { 'plugin-crm': { actAsTenants: ['*'] } } });
});
afterEach(async () => {
  await gateway.close(0);
  await folder.remove();
});

async function start(...plugins: Parameters<GatewayFolder['writeTable']>[0]): Promise<void> {
  await folder.writeTable(plugins);
  gateway = await createGateway({ ...(await folder.read()), log: createJournal().log, load: folder.read });
  url = (await gateway.listen()).href;
}

async function reload(...plugins: Parameters<GatewayFolder['writeTable']>[0]): Promise<void> {
  await folder.writeTable(plugins);
  expect(await gateway.reload()).toMatchObject({ outcome: 'done' });
}

const tokenOf = async (pluginId: string) => (await gateway.context.tokens.issuePluginToken(pluginId)).token;

async function publish(id: string, type = MADE): Promise<number> {
  return (await ask(url, await tokenOf('plugin-crm'), '/events', cloudEvent({ id, type }))).status;
}

it('keeps events from the moment on at which somebody subscribes', async () => {
  await start(crmOnly, analytics());
  expect(await publish('e1')).toBe(403);
  await reload(crmOnly, analytics(MADE));
  expect(await publish('e2')).toBe(202);
  const stream = await readStream(url, await tokenOf('plugin-analytics'));
  expect((await stream.next())?.event.id).toBe('e2');
  stream.close();
});

it('ends streams whose plugin subscribes to something else, and no others', async () => {
  await start(crmOnly, analytics(MADE), { id: 'plugin-mail', subscribes: [MADE] });
  const stream = await readStream(url, await tokenOf('plugin-analytics'));
  const other = await readStream(url, await tokenOf('plugin-mail'));
  await publish('e1');
  expect((await stream.next())?.event.id).toBe('e1');
  await reload(crmOnly, analytics(MADE, WON), { id: 'plugin-mail', subscribes: [MADE] });
  expect(await stream.next()).toBeUndefined();

  await publish('e2', WON);
  const next = await readStream(url, await tokenOf('plugin-analytics'), `?after=${stream.id}`);
  const got = [await next.next(), await next.next()];
  expect(got.map((one) => one?.event.id)).toEqual(['e1', 'e2']);
  // That the stream was ended is not held against the message.
  expect(got[0]?.redeliveries).toBe(0);
  expect((await other.next())?.event.id).toBe('e1');
  for (const one of [next, other]) one.close();
});

it('refuses what a plugin no longer subscribes to', async () => {
  await start(crmOnly, analytics(MADE, WON));
  await reload(crmOnly, analytics(WON));
  const answer = await ask(url, await tokenOf('plugin-analytics'), `/events/stream?names=${MADE}`);
  expect([answer.status, answer.body.code]).toEqual([403, 'event-not-declared']);
});

it('refuses a reload whose events.json is another one than the table’s', async () => {
  await start(crmOnly, analytics(MADE));
  const { table } = (await folder.read()).table;
  const { digest: _, ...content } = { ...table, events: `sha256:${'0'.repeat(64)}` };
  await folder.write('events.json', '{}');
  await folder.write('routes.json', JSON.stringify({ ...content, digest: digestOf(content) }));
  expect(await gateway.reload()).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('events.json is not the one that the route table was built with'),
  });
  expect(await publish('e1')).toBe(202);
});
