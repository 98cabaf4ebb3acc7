import type { DomainEvent } from '@plexica/event-bus';
import { createGatewayClient } from '@plexica/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from '../app.ts';
import { send, testBus } from './test-app.ts';

const none = { contactsCreated: 0, contactsUpdated: 0, contactsDeleted: 0, dealStageChanges: 0 };
const contact = { id: 'contact-1', name: 'Ada', email: 'ada@example.com' };
const change = { id: 'deal-1', contactId: 'contact-1', from: 'lead', to: 'won', amount: 7, currency: 'EUR' };

let deliver: ReturnType<typeof testBus>['deliver'];
let countersOf: (tenant: string) => Promise<unknown>;

beforeEach(async () => {
  const test = testBus();
  const app = buildApp({
    gateway: createGatewayClient({ pluginId: 'plugin-analytics' }),
    bus: test.bus,
    now: () => new Date(),
    reportTimeoutMs: 1_000,
  });
  await test.bus.start();
  ({ deliver } = test);
  countersOf = async (tenant) => {
    const { body } = await send(app, 'GET', '/counters', tenant);
    return (body as { data: unknown }).data;
  };
});

let count = 0;
function event(
  name: string,
  tenantId: string,
  data: unknown = contact,
  time = '2026-01-07T09:00:00.000Z',
): DomainEvent {
  count += 1;
  return { id: `e${count}`, name, source: 'plugin-crm', time, tenantId, correlationId: 'r1', data };
}

describe('the counters', () => {
  it('begin with nothing', async () => {
    expect(await countersOf('demo')).toEqual(none);
  });

  it('count each kind of event for its tenant', async () => {
    for (const [name, data] of [
      ['crm.contact.created', contact],
      ['crm.contact.created', contact],
      ['crm.contact.updated', contact],
      ['crm.contact.deleted', { id: 'contact-1' }],
      ['crm.deal.stage-changed', change],
    ] as const) {
      await deliver(event(name, 'demo', data));
    }
    await deliver(event('crm.contact.updated', '__proto__'));
    const lastEventAt = '2026-01-07T09:00:00.000Z';
    expect(await countersOf('demo')).toEqual({
      contactsCreated: 2,
      contactsUpdated: 1,
      contactsDeleted: 1,
      dealStageChanges: 1,
      lastEventAt,
    });
    expect(await countersOf('__proto__')).toEqual({ ...none, contactsUpdated: 1, lastEventAt });
    for (const other of ['acme', 'constructor']) expect(await countersOf(other)).toEqual(none);
  });

  it('count an event once, however often it is delivered', async () => {
    const one = event('crm.contact.created', 'demo');
    await deliver(one);
    await deliver(one);
    await deliver({ ...one, id: `${one.id}-other` });
    expect(await countersOf('demo')).toMatchObject({ contactsCreated: 2 });
  });

  it('count nothing of a payload that is not as declared, or that somebody else published', async () => {
    await deliver(event('crm.contact.created', 'demo', { id: 7 }));
    await deliver({ ...event('crm.contact.created', 'demo'), source: 'plugin-mail' });
    expect(await countersOf('demo')).toEqual(none);
  });

  it('say when the latest event happened, in whatever order they come', async () => {
    for (const hour of ['08', '10', '09']) {
      await deliver(event('crm.contact.updated', 'demo', contact, `2026-01-07T${hour}:00:00.000Z`));
    }
    expect(await countersOf('demo')).toMatchObject({
      contactsUpdated: 3,
      lastEventAt: '2026-01-07T10:00:00.000Z',
    });
  });
});
