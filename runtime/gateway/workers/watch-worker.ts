import type { Cancel, Clock } from '../instances/clock.ts';
import type { WorkerCalls } from './calls.ts';
import type { Peer } from './peer.ts';

/** How often a worker is asked for a sign of life, in milliseconds. */
const INTERVAL = 5_000;
/** So many answers in a row it may owe. */
const MOST_OWED = 6;

/**
 * Asks a worker for signs of life, and tells once when it gives none for half a minute: it hangs, and would hold what is
 * handed to it for ever. Questions are counted, not time: on a machine that was paused, this process slept as well.
 */
export function watchWorker(
  worker: Pick<Peer<WorkerCalls>, 'call'>,
  clock: Pick<Clock, 'after'>,
  onSilence: () => void,
): Cancel {
  let owed = 0;
  let cancel = clock.after(INTERVAL, ask);
  return () => cancel();

  function ask(): void {
    if (owed === MOST_OWED) {
      onSilence();
      return;
    }
    owed += 1;
    worker.call('ping').then(
      () => {
        owed = 0;
      },
      () => undefined, // it is gone, and others hear of that
    );
    cancel = clock.after(INTERVAL, ask);
  }
}
