import { expect, vi } from 'vitest';
import type { DomainEvent } from '../../domain-event.ts';
import { mailEvents, PAID, PLACED, SENT, shopEvents } from '../contract-world.ts';
import { type Check, numberOf, numbers, PATIENTLY, place, TENANTS, upTo } from './create-stage.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** What comes, with what, and in which order. */
export function deliveryCases(check: Check): void {
  check('delivers an event with everything it was published with', async ({ startMail, startShop }) => {
    const { bus: mail, handled } = await startMail();
    const shop = await startShop();
    const served = { tenantId: 'acme', workspaceId: 'w-1', userId: 'jörg', traceparent: TRACEPARENT };
    const published = await shop.publish(PLACED, { n: 1, note: '✓ "quoted"\n\u2028' }, { served });

    await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENTLY);
    expect(handled[0]).toEqual(published);
    expect(published).toMatchObject({ ...served, name: PLACED, source: 'plugin-shop' });
    expect(mail.seen(published)).toBe(true);
  });

  check('delivers what was published before a subscriber came', async ({ startMail, startShop }) => {
    const shop = await startShop();
    for (const n of [1, 2, 3]) await place(shop, 'acme', n);
    const { handled } = await startMail();

    await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2, 3]), PATIENTLY);
  });

  check(
    'keeps the order of a tenant and source, with failures in between',
    async ({ startMail, startShop }) => {
      const failed = new Set<string>();
      const { handled } = await startMail({
        handle({ tenantId, data }) {
          const key = `${tenantId} ${numberOf(data)}`;
          if (numberOf(data) % 3 !== 0 || failed.has(key)) return;
          failed.add(key);
          throw new Error('not yet');
        },
      });
      const shop = await startShop();
      for (let n = 1; n <= 10; n += 1) {
        await Promise.all(TENANTS.map((tenantId) => place(shop, tenantId, n)));
      }

      await vi.waitFor(() => expect(handled).toHaveLength(40), PATIENTLY);
      for (const tenantId of TENANTS) {
        expect(numbers(handled.filter((event) => event.tenantId === tenantId))).toEqual(upTo(10));
      }
      expect(failed.size).toBe(12);
    },
  );

  check('publishes in the order in which it was asked to', async ({ startMail, startShop }) => {
    const { handled } = await startMail();
    const shop = await startShop();
    await Promise.all(upTo(100).map((n) => place(shop, 'acme', n)));

    await vi.waitFor(() => expect(numbers(handled)).toEqual(upTo(100)), PATIENTLY);
  });

  check(
    'does not hold up other tenants while one waits for its next attempt',
    async ({ startMail, startShop }) => {
      const { handled, outcomes } = await startMail({
        retry: { attempts: 3, initial: 120_000, max: 120_000 },
        handle({ tenantId }) {
          if (tenantId === 'globex') throw new Error('never');
        },
      });
      const shop = await startShop();
      await place(shop, 'globex', 1);
      await vi.waitFor(() => expect(outcomes.map(({ kind }) => kind)).toContain('failed'), PATIENTLY);
      for (const tenantId of TENANTS) await place(shop, tenantId, 2);

      await vi.waitFor(() => expect(handled).toHaveLength(3), PATIENTLY);
      expect(handled.map(({ tenantId }) => tenantId)).not.toContain('globex');
    },
  );

  check('does not hold up other tenants by one with more events than the window', async (stage) => {
    const { handled } = await stage.startMail({
      window: 20,
      retry: { attempts: 3, initial: 120_000, max: 120_000 },
      handle({ tenantId }) {
        if (tenantId === 'globex') throw new Error('never');
      },
    });
    const shop = await stage.startShop();
    await Promise.all(upTo(60).map((n) => place(shop, 'globex', n)));
    for (const tenantId of TENANTS) await place(shop, tenantId, 61);

    await vi.waitFor(() => expect(handled).toHaveLength(3), PATIENTLY);
  });

  check('keeps an event that is published twice once', async ({ startMail, startShop }) => {
    const { handled } = await startMail();
    const shop = await startShop();
    const options = { served: { tenantId: 'acme' }, id: 'order-1' };
    await shop.publish(PLACED, { n: 1 }, options);
    await shop.publish(PLACED, { n: 1 }, options);
    await place(shop, 'acme', 2);

    await vi.waitFor(() => expect(numbers(handled)).toContain(2), PATIENTLY);
    expect(numbers(handled)).toEqual([1, 2]);
  });

  check('leads from an event to what its handler publishes', async ({ makeBus, harness }) => {
    const mail = makeBus(mailEvents);
    mail.on(PAID, async () => {
      await Promise.resolve();
      await mail.publish(SENT, { to: 'you' });
    });
    mail.on(PLACED, () => undefined);
    const received: DomainEvent[] = [];
    const shop = makeBus(shopEvents);
    shop.on(SENT, (event) => received.push(event));
    await Promise.all([mail.start(), shop.start()]);
    const tenantContext = (await harness.contextFor?.('plugin-shop', 'acme', 'u-1')) ?? 'signed';
    const served = { tenantId: 'acme', userId: 'u-1', correlationId: 'req-1', tenantContext };
    const published = await shop.publish(PAID, {}, { served });

    await vi.waitFor(() => expect(received).toHaveLength(1), PATIENTLY);
    expect(received[0]).toMatchObject({ ...served, causationId: published.id, source: 'plugin-mail' });
  });
}
