import { createEventBus, type DomainEvent, EventBusError, type Transport } from '@plexica/event-bus';
import { pluginCrmEvents } from '@plexica/generated/events/plugin-crm';
import { configSchema } from '@plexica/generated/plugins/plugin-crm';
import { loadPluginConfig } from '@plexica/sdk';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { buildApp } from '../app.ts';
import { createOutbox } from '../events/outbox.ts';

const created = { id: 'contact-1', name: 'Ada', email: 'ada@example.com' };
const unavailable = new EventBusError('transport-unavailable', 'the gateway does not take events now');

/** An outbox over a real bus, whose transport does what the test says with each event. */
async function testOutbox(
  { capacity = 100, begun = true }: { capacity?: number; begun?: boolean } = {},
  answer: (event: DomainEvent, count: number) => unknown = () => undefined,
) {
  const tried: DomainEvent[] = [];
  const kept: DomainEvent[] = [];
  const told: string[] = [];
  const transport: Transport = {
    name: 'embedded',
    start: async () => undefined,
    stop: async () => undefined,
    deadLetter: async () => undefined,
    subscribe: () => Promise.reject(new Error('the CRM subscribes to nothing')),
    async publish(events) {
      for (const event of events) {
        await answer(event, tried.push(event));
        kept.push(event);
      }
    },
  };
  const bus = createEventBus({ events: pluginCrmEvents, transport });
  let now = 1_000;
  const outbox = createOutbox({
    publish: bus.publish,
    now: () => now++,
    tell: (level, _details, message) => told.push(`${level}: ${message}`),
    capacity,
    retryMs: 1,
  });
  const record = (tenantId: string, id = 'contact-1') =>
    bus.serve({ tenantId }, () => outbox.record(tenantId, 'crm.contact.created', { ...created, id }));
  onTestFinished(() => outbox.close(0));
  if (begun) await begin();
  return { bus, outbox, record, begin, tried, kept, told };

  async function begin() {
    await bus.start();
    outbox.start();
  }
}

describe('the outbox', () => {
  it('publishes on behalf of the request that made the change', async () => {
    const { bus, outbox, kept } = await testOutbox();
    const app = buildApp({
      config: loadPluginConfig(configSchema, {}),
      demoData: true,
      now: () => new Date(),
      bus,
      events: outbox,
    });
    const post = (tenant: string) =>
      app.inject({
        method: 'POST',
        url: '/contacts',
        headers: {
          'x-tenant-id': tenant,
          'x-user-id': 'ada',
          'x-request-id': `r-${tenant}`,
          'x-plexica-context': `signed-${tenant}`,
        },
        payload: { name: 'Ada', email: 'ada@example.com', phone: '1' },
      });
    const replies = await Promise.all([post('acme'), post('globex')]);
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
    await vi.waitUntil(() => kept.length === 2);
    expect(kept).toMatchObject(
      [
        ['acme', 'contact-4'], // behind the demo data, which nobody is told of
        ['globex', 'contact-1'],
      ].map(([tenantId, id]) => ({
        name: 'crm.contact.created',
        source: 'plugin-crm',
        tenantId,
        userId: 'ada',
        correlationId: `r-${tenantId}`,
        tenantContext: `signed-${tenantId}`,
        data: { ...created, id },
      })),
    );
    await app.close();
  });

  it('waits for the bus, and says when things happened', async () => {
    const { record, begin, kept, tried } = await testOutbox({ begun: false });
    record('acme', 'contact-1');
    record('acme', 'contact-2');
    await new Promise(setImmediate);
    expect(tried).toEqual([]);
    await begin();
    await vi.waitUntil(() => kept.length === 2);
    expect(kept.map(({ time }) => time)).toEqual(['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:01.001Z']);
  });

  it('tries again with the same id and time, in order within a tenant, and holds up no other', async () => {
    const { record, kept, tried, told } = await testOutbox({}, ({ tenantId }, count) => {
      if (tenantId === 'acme' && count < 6) throw unavailable;
    });
    for (const id of ['contact-1', 'contact-2', 'contact-3']) record('acme', id);
    record('globex');
    await vi.waitUntil(() => kept.length === 4);
    expect(kept[0]?.tenantId).toBe('globex');
    expect(kept.slice(1).map(({ data }) => (data as typeof created).id)).toEqual([
      'contact-1',
      'contact-2',
      'contact-3',
    ]);
    const first = tried.filter(
      ({ data, tenantId }) => tenantId === 'acme' && (data as typeof created).id === 'contact-1',
    );
    expect(first.length).toBeGreaterThan(3);
    expect(new Set(first.map(({ id, time }) => `${id} ${time}`)).size).toBe(1);
    expect(told).toEqual(['warn: crm.contact.created cannot be published now, and will be tried again']);
  });

  it('tries for as long as the transport is away, but gives up what is refused', async () => {
    const refused = new EventBusError('transport-refused', 'the gateway refuses');
    const { record, kept, tried, told } = await testOutbox({}, ({ data }, count) => {
      if ((data as typeof created).id === 'contact-1') throw refused;
      if (count < 18) throw unavailable;
    });
    record('acme', 'contact-1');
    record('acme', 'contact-2');
    await vi.waitUntil(() => kept.length === 1, 5_000);
    expect(tried).toHaveLength(18);
    expect(told).toContain('error: crm.contact.created is lost: it is refused');
  });

  it('drops what can never be published, and says so', async () => {
    const { outbox, bus, record, kept, told } = await testOutbox();
    bus.serve({ tenantId: 'acme' }, () =>
      outbox.record('acme', 'crm.contact.created', { ...created, email: 'none' }),
    );
    record('acme', 'contact-2');
    await vi.waitUntil(() => kept.length === 1);
    expect(told).toEqual(['error: crm.contact.created is lost: it is refused']);
  });

  it('has room for so many, and refuses changes with 503 then', async () => {
    const { outbox, record, begin, kept } = await testOutbox({ capacity: 2, begun: false });
    record('acme');
    outbox.mustHaveRoom();
    record('globex');
    const full = expect.objectContaining({
      statusCode: 503,
      message: expect.stringContaining('try again later'),
    });
    expect(() => outbox.mustHaveRoom()).toThrow(full);
    await begin();
    await vi.waitUntil(() => kept.length === 2);
    outbox.mustHaveRoom();
  });

  it('publishes what waits when it is closed, and says what it could not', async () => {
    const good = await testOutbox();
    good.record('acme');
    await good.outbox.close(5_000);
    expect([good.kept.length, good.told]).toEqual([1, []]);

    const bad = await testOutbox({}, () => {
      throw unavailable;
    });
    bad.record('acme');
    bad.record('acme');
    await bad.outbox.close(10);
    expect(bad.told.at(-1)).toBe('error: events are lost: they could not be published in time');
  });
});
