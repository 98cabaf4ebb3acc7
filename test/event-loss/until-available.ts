import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyEvents, type EventBus, EventBusError } from '@plexica/event-bus';

/** Between two attempts, in milliseconds. */
const PAUSE = 50;

/** Tries again where broker or gateway are away. Whatever else goes wrong is thrown, and ends the process. */
export async function untilAvailable<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EventBusError) || error.code !== 'transport-unavailable') throw error;
      console.log(`not now: ${error.message}`);
      await sleep(PAUSE);
    }
  }
}

/** A bus starts once: where the way is barred, another one is tried. */
export function startBus(make: () => EventBus<AnyEvents>): Promise<EventBus<AnyEvents>> {
  return untilAvailable(async () => {
    const bus = make();
    await bus.start();
    return bus;
  });
}
