import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ExampleWorkspace, SOON, startExampleWorkspace } from './support/example-workspace.ts';
import { kafkaIsMissing, sharedKafka } from './support/kafka/shared-kafka.ts';

const ADA = { name: 'Ada', email: 'ada@example.com' };
const NO_COUNTERS = { contactsCreated: 0, contactsUpdated: 0, contactsDeleted: 0, dealStageChanges: 0 };

let examples: ExampleWorkspace;
let platform: string;

/** CRM publishes, Analytics subscribes, Sample Analytics has hooks. */
describe('events of the example plugins, kept by the gateway', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    examples = await startExampleWorkspace();
    platform = await examples.platformToken();
  });

  afterAll(() => examples.remove());

  it('move the counters of the tenant whose contacts and deals change, and no others', async () => {
    await changeEverything('acme-1');
    await untilCounters('acme-1', {
      contactsCreated: 2,
      contactsUpdated: 1,
      contactsDeleted: 1,
      dealStageChanges: 1,
      lastEventAt: expect.any(String),
    });
    expect(await countersOf('acme-2')).toEqual(NO_COUNTERS);
  });

  it('are not lost while Analytics is away', async () => {
    const id = await createContact('away');
    await untilCounters('away', { contactsCreated: 1 });
    await examples.killPlugin('analytics');
    for (let change = 1; change <= 20; change += 1) {
      const body = { ...ADA, name: `Ada ${change}` };
      const { status } = await examples.send('away', 'PUT', `/plugin-crm/contacts/${id}`, body);
      expect(status).toBe(200);
    }
    examples.startPlugin('analytics');
    await examples.untilHealthy();
    await untilCounters('away', { contactsUpdated: 20 });
  });

  it('are neither lost nor counted twice when the gateway is killed amid changes', async () => {
    let answered = 0;
    const client = async () => {
      for (;;) {
        const { status } = await examples.send('killed', 'POST', '/plugin-crm/contacts', ADA);
        if (status === 201) answered += 1;
      }
    };
    const clients = Array.from({ length: 4 }, () => client().catch(() => undefined));
    await vi.waitFor(() => expect(answered).toBeGreaterThan(20), SOON);
    await examples.killGateway();
    await Promise.all(clients);
    await examples.startGateway();
    await examples.untilHealthy();
    const { data, total } = await examples.send('killed', 'GET', '/plugin-crm/contacts?take=1');
    const [first] = data as { id: string }[];
    // Within a tenant this one is the last.
    await examples.send('killed', 'PUT', `/plugin-crm/contacts/${first?.id}`, ADA);

    await untilCounters('killed', { contactsUpdated: 1 });
    expect(total).toBeGreaterThanOrEqual(answered);
    expect(await countersOf('killed')).toMatchObject({ contactsCreated: total });
  });

  it('tell hooks once of each login, of the platform alone', async () => {
    const id = randomUUID();
    expect(await examples.login('hooks', platform, id)).toBe(202);
    expect(await examples.login('hooks', platform, id)).toBe(202);
    expect(await examples.login('hooks', platform)).toBe(202);
    expect(await examples.login('hooks', await examples.userToken('hooks'))).toBe(403);

    await untilCounts('hooks', { logins: 2 });
    expect(await countsOf('acme-2')).toMatchObject({ logins: 0 });
  });

  it('tell hooks of logins while their plugin, and then the gateway, was away', async () => {
    await examples.killPlugin('sample-analytics');
    for (let count = 0; count < 10; count += 1) expect(await examples.login('patient', platform)).toBe(202);
    await examples.killGateway();
    await examples.startGateway();
    examples.startPlugin('sample-analytics');
    await examples.untilHealthy();
    for (let count = 0; count < 5; count += 1) expect(await examples.login('patient', platform)).toBe(202);

    await untilCounts('patient', { logins: 15 });
  });

  it('tell hooks of requests to plugins', async () => {
    await examples.send('requests', 'GET', '/plugin-crm/contacts');
    await examples.send('requests', 'GET', '/plugin-crm/contacts/none');

    const requests = [{ pluginId: 'plugin-crm', requests: 2 }];
    await untilCounts('requests', { apiRequestsByPlugin: expect.arrayContaining(requests) });
  });
});

/** The same plugins: plexica.yaml alone differs. */
describe.skipIf(kafkaIsMissing !== undefined)(
  'events of the example plugins, over Kafka',
  { timeout: 90_000 },
  () => {
    beforeAll(async () => {
      const brokers = (await sharedKafka()).join();
      const kafka = { prefix: `examples-${randomUUID()}`, partitions: 2 };
      examples = await startExampleWorkspace({ transport: 'kafka', brokers, kafka });
    }, 180_000);

    afterAll(() => examples.remove());

    it('move the counters of the tenant whose contacts and deals change, and no others', async () => {
      await changeEverything('acme-1');
      await untilCounters('acme-1', {
        contactsCreated: 2,
        contactsUpdated: 1,
        contactsDeleted: 1,
        dealStageChanges: 1,
        lastEventAt: expect.any(String),
      });
      expect(await countersOf('acme-2')).toEqual(NO_COUNTERS);
    });

    it('tell hooks of requests to plugins', async () => {
      const requests = [{ pluginId: 'plugin-crm', requests: 7 }];
      await untilCounts('acme-1', { apiRequestsByPlugin: expect.arrayContaining(requests) });
    });

    it('tell hooks of logins, which the platform publishes through the gateway here too', async () => {
      expect(await examples.login('hooks', await examples.platformToken())).toBe(202);
      await untilCounts('hooks', { logins: 1 });
    });
  },
);

/** Seven requests: two contacts and a deal, of which a contact is left. */
async function changeEverything(tenant: string): Promise<void> {
  const contactId = await createContact(tenant);
  await createContact(tenant);
  await examples.send(tenant, 'PUT', `/plugin-crm/contacts/${contactId}`, { ...ADA, name: 'Ada King' });
  const deal = { title: 'Engine', contactId, amount: 7 };
  const { data } = await examples.send(tenant, 'POST', '/plugin-crm/deals', deal);
  const { id } = data as { id: string };
  await examples.send(tenant, 'PUT', `/plugin-crm/deals/${id}`, { ...deal, stage: 'won' });
  await examples.send(tenant, 'DELETE', `/plugin-crm/deals/${id}`);
  await examples.send(tenant, 'DELETE', `/plugin-crm/contacts/${contactId}`);
}

async function createContact(tenant: string): Promise<string> {
  const { status, data } = await examples.send(tenant, 'POST', '/plugin-crm/contacts', ADA);
  expect(status).toBe(201);
  return (data as { id: string }).id;
}

async function untilCounters(tenant: string, counters: object): Promise<void> {
  await vi.waitFor(async () => expect(await countersOf(tenant)).toMatchObject(counters), SOON);
}

async function untilCounts(tenant: string, counts: object): Promise<void> {
  await vi.waitFor(async () => expect(await countsOf(tenant)).toMatchObject(counts), SOON);
}

async function countersOf(tenant: string): Promise<unknown> {
  return (await examples.send(tenant, 'GET', '/plugin-analytics/counters')).data;
}

async function countsOf(tenant: string): Promise<unknown> {
  return (await examples.send(tenant, 'GET', '/sample-analytics/counts')).data;
}
