import { expect, vi } from 'vitest';
import { type Check, numbers, PATIENTLY, place, upTo } from './create-stage.ts';

/** Several buses of one plugin, and what one leaves to the other. */
export function replicaCases(check: Check): void {
  check('shares the work between replicas, each tenant at one of them', async ({ startMail, startShop }) => {
    const one = await startMail();
    const two = await startMail();
    const shop = await startShop();
    const tenants = Array.from({ length: 24 }, (_, index) => `tenant-${index}`);
    for (const n of upTo(5)) await Promise.all(tenants.map((tenantId) => place(shop, tenantId, n)));

    const all = () => [...one.handled, ...two.handled];
    await vi.waitFor(() => expect(new Set(all().map(({ id }) => id)).size).toBe(120), PATIENTLY);
    expect(one.handled.length).toBeGreaterThan(0);
    expect(two.handled.length).toBeGreaterThan(0);
    for (const { handled } of [one, two]) {
      for (const tenantId of tenants) {
        const own = numbers(handled.filter((event) => event.tenantId === tenantId));
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }
  });

  check('gives what a replica left unsettled to another', async ({ startMail, startShop }) => {
    const begun = Promise.withResolvers<void>();
    const one = await startMail({
      handle() {
        begun.resolve();
        return new Promise(() => {});
      },
    });
    const shop = await startShop();
    for (const n of upTo(3)) await place(shop, 'acme', n);
    await begun.promise;
    await one.bus.stop(0);
    const two = await startMail();

    await vi.waitFor(() => expect(numbers(two.handled)).toEqual(upTo(3)), PATIENTLY);
  });

  check(
    'lets handlers finish when it stops, and delivers nothing twice',
    async ({ startMail, startShop }) => {
      const begun = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      const one = await startMail({
        async handle() {
          begun.resolve();
          await release.promise;
        },
      });
      const shop = await startShop();
      for (const n of upTo(3)) await place(shop, 'acme', n);
      await begun.promise;
      const stopped = one.bus.stop(20_000);
      release.resolve();
      await stopped;
      const two = await startMail();

      await vi.waitFor(() => expect(numbers(two.handled)).toEqual([2, 3]), PATIENTLY);
      expect(numbers(one.handled)).toEqual([1]);
      expect(one.bus.state).toBe('stopped');
    },
  );
}
