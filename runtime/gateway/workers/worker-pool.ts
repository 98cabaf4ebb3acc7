import type { FastifyBaseLogger } from 'fastify';
import { SetupError } from '../errors.ts';
import type { Cancel, Clock } from '../instances/clock.ts';
import type { Beginning, Begun, PrimaryCalls, WorkerCalls } from './calls.ts';
import { connectPeer, type Peer } from './peer.ts';
import { watchWorker } from './watch-worker.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Workers, each with a successor when it dies, or hangs and is killed for it. */
export interface WorkerPool {
  /**
   * Starts all of them.
   *
   * @returns the address of the gateway, once all serve
   * @throws SetupError when one cannot: it ends all of them
   */
  start(): Promise<string>;
  /** Those that serve now, in order of their numbers. */
  serving(): readonly PooledWorker[];
  /** Those that serve, and those that are about to. */
  begun(): readonly PooledWorker[];
  /** How many have got a successor. */
  replaced(): number;
  /**
   * Ends all of them, and resolves when they are gone. May be called again, with less time.
   *
   * @param grace for requests under way, in milliseconds
   */
  stop(grace: number): Promise<void>;
}

export interface PooledWorker {
  readonly number: number;
  readonly peer: Peer<WorkerCalls>;
}

export interface WorkerPoolOptions {
  readonly size: number;
  readonly fork: () => WorkerProcess;
  /** What is offered to one worker. */
  readonly offer: (worker: number) => Omit<PrimaryCalls, 'hello' | 'serving' | 'failed'>;
  readonly beginning: (worker: number) => Omit<Beginning, 'isSuccessor'>;
  readonly onServing: (worker: number, begun: Begun) => void;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
  readonly clock: Clock;
}

/** One of the numbers, and the process that has it now. */
interface Slot {
  readonly number: number;
  process: WorkerProcess | undefined;
  peer: Peer<WorkerCalls> | undefined;
  hasBegun: boolean;
  serves: boolean;
  /** Why it could not start, in its own words. */
  reason: string | undefined;
  /** Processes in a row that did not live long. */
  shortLives: number;
  unwatch: Cancel;
}

/** In milliseconds. */
const TIMES = {
  /** A worker that lives so long has not died of its start. */
  longLife: 10_000,
  /** How long a successor is put off, and at most: doubled with every short life. */
  firstWait: 100,
  longestWait: 30_000,
  /** What a worker has beyond the time for requests under way, before it is killed. */
  killAfter: 2_000,
} as const;

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { size, fork, offer, beginning, onServing, log, clock } = options;
  const slots = Array.from({ length: size }, (_, index): Slot => emptySlot(index + 1));
  const started = Promise.withResolvers<string>();
  const gone = Promise.withResolvers<void>();
  let isStarted = false;
  let isStopping = false;
  let replaced = 0;

  return {
    start() {
      for (const slot of slots) fill(slot);
      return started.promise;
    },
    serving: () => slots.filter(({ serves }) => serves).flatMap(pooled),
    begun: () => slots.filter(({ hasBegun }) => hasBegun).flatMap(pooled),
    replaced: () => replaced,
    stop,
  };

  function fill(slot: Slot): void {
    if (isStopping) return;
    const bornAt = clock.now();
    const process = fork();
    slot.process = process;
    slot.reason = undefined;
    const peer = connectPeer<WorkerCalls, PrimaryCalls>(process, {
      ...offer(slot.number),
      async hello() {
        slot.hasBegun = true;
        peer.call('begin', { ...beginning(slot.number), isSuccessor: isStarted }).catch(() => undefined);
      },
      serving: async (begun) => serving(slot, begun),
      async failed({ reason }) {
        slot.reason = reason;
      },
    });
    slot.peer = peer;
    process.onExit((how) => {
      slot.process = undefined;
      slot.peer = undefined;
      slot.unwatch();
      slot.shortLives = clock.now() - bornAt < TIMES.longLife ? slot.shortLives + 1 : 0;
      ended(slot, how);
    });
  }

  function serving(slot: Slot, begun: Begun): void {
    slot.serves = true;
    if (slot.peer !== undefined) slot.unwatch = watchWorker(slot.peer, clock, () => hangs(slot));
    onServing(slot.number, begun);
    if (isStarted) {
      log.info({ worker: slot.number }, `worker ${slot.number} serves again`);
    } else if (slots.every(({ serves }) => serves)) {
      isStarted = true;
      started.resolve(begun.url);
    }
  }

  function hangs({ number, process }: Slot): void {
    log.error(
      { worker: number },
      `worker ${number} has given no sign of life for half a minute: it is killed`,
    );
    process?.kill();
  }

  function ended(slot: Slot, how: string): void {
    const { number, serves, reason } = slot;
    slot.serves = false;
    slot.hasBegun = false;
    if (isStopping) {
      if (slots.every(({ process }) => process === undefined)) gone.resolve();
      return;
    }
    if (!isStarted) {
      started.reject(new SetupError(reason ?? `worker ${number} cannot start: ${how}`));
      void stop(0);
      return;
    }
    if (serves) log.warn({ worker: number }, `worker ${number} is gone: ${how}; another takes its place`);
    else log.error({ worker: number }, `worker ${number} cannot start: ${reason ?? how}; it is tried again`);
    replaced += 1;
    clock.after(waitBefore(slot.shortLives), () => fill(slot));
  }

  function stop(grace: number): Promise<void> {
    isStopping = true;
    for (const { process, peer, serves } of slots) {
      // A worker that is not ready yet has nothing under way.
      if (!serves) process?.kill();
      else peer?.call('stop', { grace }).catch(() => undefined);
    }
    if (slots.every(({ process }) => process === undefined)) gone.resolve();
    const cancel = clock.after(grace + TIMES.killAfter, () => {
      for (const { process } of slots) process?.kill();
    });
    return gone.promise.finally(cancel);
  }
}

function emptySlot(number: number): Slot {
  return {
    number,
    process: undefined,
    peer: undefined,
    hasBegun: false,
    serves: false,
    reason: undefined,
    shortLives: 0,
    unwatch: () => undefined,
  };
}

function pooled({ number, peer }: Slot): readonly PooledWorker[] {
  return peer === undefined ? [] : [{ number, peer }];
}

/** The first successor comes soon, whoever killed the one before; what dies again and again must not keep the machine busy. */
function waitBefore(shortLives: number): number {
  return shortLives === 0 ? 0 : Math.min(TIMES.longestWait, TIMES.firstWait * 2 ** (shortLives - 1));
}
