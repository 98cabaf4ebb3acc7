import { expect, vi } from 'vitest';
import type { DomainEvent } from '../../domain-event.ts';
import { PLACED } from '../contract-world.ts';
import { type Check, numbers, PATIENTLY, place, TENANTS, upTo } from './create-stage.ts';

/** What can be done and seen from outside: pause, drain, lag, failure, a look at what comes. */
export function controlCases(check: Check): void {
  check('takes nothing while it is paused', async ({ startMail, startShop }) => {
    const { bus, handled } = await startMail();
    const shop = await startShop();
    await place(shop, 'acme', 1);
    await vi.waitFor(() => expect(numbers(handled)).toEqual([1]), PATIENTLY);
    bus.pause();
    await place(shop, 'acme', 2);
    // Nothing can be waited for that must not happen: the lag shows that it is there, and was not taken.
    await vi.waitFor(async () => expect((await bus.lag()).messages).toBe(1), PATIENTLY);
    expect(numbers(handled)).toEqual([1]);
    bus.resume();

    await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2]), PATIENTLY);
  });

  check('drains: settles what was delivered, and takes no more', async ({ startMail, startShop }) => {
    const { bus, handled } = await startMail();
    const shop = await startShop();
    await Promise.all(upTo(50).map((n) => place(shop, TENANTS[n % 4] ?? '', n)));
    await vi.waitFor(() => expect(handled.length).toBeGreaterThan(0), PATIENTLY);
    await bus.drain();
    const drained = handled.length;
    expect(bus.state).toBe('paused');
    await vi.waitFor(async () => expect((await bus.lag()).messages).toBe(50 - drained), PATIENTLY);
    expect(handled).toHaveLength(drained);
    bus.resume();

    await vi.waitFor(() => expect(handled).toHaveLength(50), PATIENTLY);
  });

  check('tells how far behind a group is', async ({ startMail, startShop }) => {
    const { bus, handled } = await startMail();
    const shop = await startShop();
    await place(shop, 'acme', 1);
    await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENTLY);
    await vi.waitFor(async () => expect(await bus.lag()).toEqual({ messages: 0, oldestMs: 0 }), PATIENTLY);
    bus.pause();
    for (const n of upTo(3)) await place(shop, 'globex', n);

    await vi.waitFor(async () => expect((await bus.lag()).messages).toBe(3), PATIENTLY);
  });

  check('says so when its events no longer come', async ({ startMail, harness }) => {
    const transport = harness.connect('plugin-mail');
    const failure = Promise.withResolvers<Error>();
    const { bus } = await startMail({ transport, onFailure: failure.resolve });
    await harness.refuse(transport);

    expect((await failure.promise).message).not.toBe('');
    expect(bus.state).toBe('failed');
  });

  check('shows events as they come', async ({ startShop, harness }) => {
    const shop = await startShop();
    await place(shop, 'acme', 1);
    const stop = new AbortController();
    const seen: DomainEvent[] = [];
    const tail = harness.archive.tail([PLACED], stop.signal)[Symbol.asyncIterator]();
    const first = tail.next();
    // It begins with what comes next, and when exactly that is nobody can tell from outside.
    const publishing = setInterval(() => void place(shop, 'acme', 2).catch(() => undefined), 200);
    const { value } = await first;
    clearInterval(publishing);
    seen.push(value);
    stop.abort();
    await tail.return?.();

    expect(numbers(seen)).toEqual([2]);
  });
}
