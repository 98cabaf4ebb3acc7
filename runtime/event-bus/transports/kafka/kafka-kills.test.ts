import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { kafkaIsMissing, sharedKafka } from '../../../../test/support/kafka/shared-kafka.ts';
import { type RunningProgram, startProgram } from '../../../../test/support/run-program.ts';
import { createEventBus } from '../../create-event-bus.ts';
import type { EventBus } from '../../event-bus.ts';
import type { AnyEvents } from '../../event-map.ts';
import { PLACED, shopEvents } from '../../testing/contract-world.ts';
import { createKafkaTransport } from './kafka-transport.ts';
import { kafkaOptionsFor } from './testing/kafka-options-for.ts';

const PROGRAM = new URL('testing/consume-program.ts', import.meta.url).pathname;
const TENANTS = Array.from({ length: 8 }, (_, index) => `tenant-${index}`);

describe.skipIf(kafkaIsMissing !== undefined)('replicas that are killed', { timeout: 120_000 }, () => {
  it('delivers again what a killed one was handling', async () => {
    const { shop, start } = await world();
    const first = await start({ takes: 0, hangsAt: 3 });
    for (let n = 1; n <= 5; n += 1) await place(shop, 'acme', n);
    await first.replica.printed(/hangs/);
    await first.replica.stop('SIGKILL');
    const second = await start({ takes: 0 });

    await vi.waitFor(() => expect(second.handled()).toContain('acme 5'), { timeout: 40_000 });
    expect(first.handled()).toEqual(['acme 1', 'acme 2']);
    // What was handled and not yet committed may come twice; what was not handled comes, in order.
    expect(second.handled().slice(-3)).toEqual(['acme 3', 'acme 4', 'acme 5']);
  });

  it('handles little twice when a quick one is killed', async () => {
    const { shop, start } = await world();
    await Promise.all(
      Array.from({ length: 4_000 }, (_, n) => place(shop, TENANTS[n % TENANTS.length] ?? '', n + 1)),
    );
    const first = await start({ takes: 0 });
    await vi.waitFor(() => expect(first.handled().length).toBeGreaterThan(1_500), { timeout: 40_000 });
    await first.replica.stop('SIGKILL');
    const second = await start({ takes: 0 });

    await vi.waitFor(() => expect(new Set([...first.handled(), ...second.handled()]).size).toBe(4_000), {
      timeout: 40_000,
    });
    const before = new Set(first.handled());
    expect(second.handled().filter((line) => before.has(line)).length).toBeLessThan(500);
  });

  it('loses nothing, and keeps the order, while one replica after the other is killed', async () => {
    const { shop, start } = await world();
    const log: string[] = [];
    const replicas = [await start({ takes: 2 }, log), await start({ takes: 2 }, log)];
    let publishing = true;
    const published = (async () => {
      let n = 0;
      while (publishing) {
        n += 1;
        await Promise.all(TENANTS.map((tenantId) => place(shop, tenantId, n)));
      }
      return n;
    })();
    for (let round = 0; round < 2; round += 1) {
      const soFar = log.length;
      await vi.waitFor(() => expect(log.length).toBeGreaterThan(soFar + 200), { timeout: 40_000 });
      await replicas.shift()?.replica.stop('SIGKILL');
      replicas.push(await start({ takes: 2 }, log));
    }
    publishing = false;
    const last = await published;

    await vi.waitFor(() => expect(new Set(log).size).toBe(last * TENANTS.length), {
      timeout: 60_000,
      interval: 100,
    });
    for (const tenantId of TENANTS) {
      const firsts = [...new Set(log.filter((line) => line.startsWith(`${tenantId} `)))];
      expect(firsts).toEqual(Array.from({ length: last }, (_, index) => `${tenantId} ${index + 1}`));
    }
  });
});

interface Replica {
  readonly replica: RunningProgram;
  /** `acme 1`, in the order in which they were handled. */
  handled(): readonly string[];
}

async function world() {
  const options = kafkaOptionsFor(await sharedKafka());
  const shop = createEventBus<AnyEvents>({
    events: { ...shopEvents, subscribes: {} },
    transport: createKafkaTransport(options),
    unregistered: 'ignore',
  });
  await shop.start();
  onTestFinished(() => shop.stop());

  async function start(
    settings: { takes: number; hangsAt?: number },
    handled: string[] = [],
  ): Promise<Replica> {
    const { brokers, prefix } = options;
    const replica = startProgram([PROGRAM, JSON.stringify({ ...settings, brokers, prefix })]);
    onTestFinished(() => replica.stop('SIGKILL'));
    let rest = '';
    replica.process.stdout?.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('handled ')) handled.push(line.slice('handled '.length));
    });
    await replica.printed(/started/);
    return { replica, handled: () => handled };
  }
  return { shop, start };
}

async function place(shop: EventBus<AnyEvents>, tenantId: string, n: number): Promise<void> {
  await shop.publish(PLACED, { n }, { served: { tenantId } });
}
