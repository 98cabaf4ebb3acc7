import { expect, vi } from 'vitest';
import type { Replayed } from '../../transports/transport.ts';
import { mailEvents, ORDER_SCHEMA, PLACED } from '../contract-world.ts';
import { type Check, numberOf, numbers, PATIENTLY, place, type TransportHarness } from './create-stage.ts';

/** What becomes of what nobody could handle. */
export function deadLetterCases(check: Check): void {
  check(
    'keeps what is given up as a dead letter, and goes on',
    async ({ startMail, startShop, deadLetters }) => {
      const { bus, handled } = await startMail({
        handle({ data }) {
          if (numberOf(data) === 1) throw new TypeError('no such address');
        },
      });
      const shop = await startShop();
      const published = await place(shop, 'acme', 1);
      await place(shop, 'acme', 2);

      await vi.waitFor(() => expect(numbers(handled)).toEqual([2]), PATIENTLY);
      await bus.stop();
      const [letter, ...others] = await deadLetters();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ group: 'plugin-mail', reason: 'handler-failed', attempts: 3 });
      expect(letter?.event).toEqual(published);
      expect(letter?.error).toContain('TypeError: no such address');
      expect(letter?.origin).not.toBe('');
      expect(Date.parse(letter?.failedAt ?? '')).toBeGreaterThan(0);

      const after = await startMail();
      await place(shop, 'acme', 3);
      await vi.waitFor(() => expect(numbers(after.handled)).toEqual([3]), PATIENTLY);
    },
  );

  check(
    'gives dead letters to their group once more when it is asked to',
    async ({ startMail, startShop, deadLetters, harness }) => {
      let mended = false;
      const { handled } = await startMail({
        handle() {
          if (!mended) throw new Error('not yet');
        },
      });
      const shop = await startShop();
      const published = [await place(shop, 'acme', 1), await place(shop, 'acme', 2)];
      const letters = await vi.waitUntil(async () => {
        const found = await deadLetters();
        return found.length > 1 && found;
      }, PATIENTLY);
      mended = true;

      const [first = '', second = ''] = letters.map(({ id }) => id);
      expect(await replay(harness, [first, 'none', second])).toEqual([
        { id: first, found: true },
        { id: 'none', found: false },
        { id: second, found: true },
      ]);
      await vi.waitFor(() => expect(handled).toHaveLength(2), PATIENTLY);
      expect(handled).toEqual(published);
      expect(await deadLetters()).toEqual([]);
      expect(await replay(harness, [first])).toEqual([{ id: first, found: false }]);
    },
  );

  check('keeps what is no event, and goes on', async ({ startMail, startShop, deadLetters, harness }) => {
    const shop = await startShop();
    await place(shop, 'acme', 1);
    await harness.inject('plugin-shop', 'acme', '{"half":');
    await place(shop, 'acme', 2);
    const { handled } = await startMail();

    await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2]), PATIENTLY);
    const letters = await vi.waitUntil(async () => {
      const found = await deadLetters();
      return found.length > 0 && found;
    }, PATIENTLY);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ reason: 'not-an-event', attempts: 0, group: 'plugin-mail' });
    expect(letters[0]?.event).toBeUndefined();
    expect(letters[0]?.raw).toContain('half');
  });

  check(
    'keeps an event whose payload its subscriber does not know',
    async ({ startMail, startShop, deadLetters }) => {
      const strict = { ...ORDER_SCHEMA, required: ['n', 'note'] };
      const subscribes = { [PLACED]: { publishers: ['plugin-shop'], schema: strict } };
      const { handled } = await startMail({ events: { ...mailEvents, subscribes } });
      const shop = await startShop();
      await place(shop, 'acme', 1);
      await shop.publish(PLACED, { n: 2, note: 'x' }, { served: { tenantId: 'acme' } });

      await vi.waitFor(() => expect(numbers(handled)).toEqual([2]), PATIENTLY);
      const [letter] = await deadLetters();
      expect(letter).toMatchObject({ reason: 'payload-invalid', attempts: 0 });
      expect(letter?.error).toContain("must have required property 'note'");
    },
  );
}

async function replay({ archive }: TransportHarness, ids: readonly string[]): Promise<Replayed[]> {
  const replayed: Replayed[] = [];
  for await (const one of archive.replay(ids)) replayed.push(one);
  return replayed;
}
