import { expect, it } from 'vitest';
import { createSignals } from './create-signals.ts';

function operator() {
  const events: string[] = [];
  let [now, send] = [0, (_: 'stop' | 'reload') => {}];
  const signals = createSignals(
    {
      onSignal(listener) {
        send = listener;
      },
    },
    () => now,
  );
  const stopping = Promise.withResolvers<void>();
  const gateway = {
    async reload() {
      events.push('reload');
    },
    async stop(grace?: number) {
      events.push(`stop ${grace ?? 'gracefully'}`);
      if (grace === 0) stopping.resolve();
      await stopping.promise;
    },
  };
  return {
    events,
    signals,
    gateway,
    async sends(wish: 'stop' | 'reload', at: number) {
      now = at;
      send(wish);
      await Promise.resolve();
    },
  };
}

it('reloads at each SIGHUP, ends gracefully at the first signal to stop, and at once at the second', async () => {
  const { events, signals, gateway, sends } = operator();
  const obeying = signals.obey(gateway);
  await sends('reload', 0);
  await sends('reload', 1);
  await sends('stop', 1000);
  await sends('reload', 1100);
  await sends('stop', 2000);
  await obeying;
  expect(events).toEqual(['reload', 'reload', 'stop gracefully', 'stop 0']);
});

it('takes a signal that comes twice in a moment for one: a terminal and a program in between both send it', async () => {
  const { events, signals, gateway, sends } = operator();
  void signals.obey(gateway);
  await sends('stop', 1000);
  await sends('stop', 1010);
  expect(events).toEqual(['stop gracefully']);
});

it('remembers what came before the gateway was there', async () => {
  const { events, signals, gateway, sends } = operator();
  await sends('stop', 0);
  void signals.obey(gateway);
  await expect.poll(() => events).toEqual(['stop gracefully']);
});
