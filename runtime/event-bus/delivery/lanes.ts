/**
 * Work in lanes: one after the other within a lane, side by side between lanes. A lane is there as long as it has work.
 */
export interface Lanes<Work> {
  add(lane: string, work: Work): void;
  /** Begins nothing new; what is under way goes on. */
  pause(): void;
  resume(): void;
  /** Resolves once nothing is under way and, unless paused, nothing waits. */
  idle(): Promise<void>;
  /** Forgets what waits. Resolves once nothing is under way. */
  clear(): Promise<void>;
  /** What waits or is under way. */
  readonly size: number;
}

/** @param run does one piece of work; it must not reject */
export function createLanes<Work>(run: (work: Work) => Promise<void>): Lanes<Work> {
  const waiting = new Map<string, Work[]>();
  const busy = new Set<string>();
  /** Lanes with work that are not busy, in order. */
  const ready = new Set<string>();
  let listeners: (() => void)[] = [];
  let paused = false;
  let size = 0;

  return {
    add(lane, work) {
      const queue = waiting.get(lane);
      if (queue === undefined) waiting.set(lane, [work]);
      else queue.push(work);
      size += 1;
      if (!busy.has(lane)) ready.add(lane);
      go();
    },
    pause() {
      paused = true;
      tell();
    },
    resume() {
      paused = false;
      go();
    },
    idle: () => when(() => busy.size === 0 && (paused || size === 0)),
    clear() {
      size = busy.size;
      waiting.clear();
      ready.clear();
      return when(() => busy.size === 0);
    },
    get size() {
      return size;
    },
  };

  function go(): void {
    for (const lane of ready) {
      if (paused) return;
      ready.delete(lane);
      const work = take(lane);
      if (work === undefined) continue;
      busy.add(lane);
      void run(work).finally(() => {
        busy.delete(lane);
        size -= 1;
        if (waiting.has(lane)) ready.add(lane);
        go();
        tell();
      });
    }
  }

  function take(lane: string): Work | undefined {
    const queue = waiting.get(lane);
    const work = queue?.shift();
    if (queue?.length === 0) waiting.delete(lane);
    return work;
  }

  function when(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      listeners.push(function look() {
        if (condition()) resolve();
        else listeners.push(look);
      });
    });
  }

  function tell(): void {
    const told = listeners;
    listeners = [];
    for (const look of told) look();
  }
}
