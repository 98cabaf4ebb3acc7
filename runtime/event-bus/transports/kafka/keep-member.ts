import type { Clock } from '../../clock.ts';
import { type GroupMember, type GroupMemberOptions, joinGroup } from './group-member.ts';
import { isRefusal, kafkaError, wordsOf } from './kafka-errors.ts';

/** A place in a group that is taken anew whenever it was lost. */
export interface KeptMember {
  /** Undefined between two lives. */
  current(): GroupMember | undefined;
  stop(): Promise<void>;
}

export interface KeepMemberOptions extends Omit<GroupMemberOptions, 'heard' | 'crashed'> {
  /** What was delivered will be delivered again. */
  readonly gone: () => void;
  /** It is given up: the broker refuses it, and not only for a moment. */
  readonly onFailure: (error: Error) => void;
  readonly clock: Clock;
  readonly log: (level: 'warn' | 'error', text: string) => void;
}

/** Times in milliseconds. */
const LONGEST_WAIT = 30_000;
const LOOK_INTERVAL = 5_000;
const LEAVE = 10_000;
/** A consumer of which nothing was heard for so many of its session timeouts has stopped without a word. */
const SILENT_SESSIONS = 3;
/** For how long a group is tried to be joined before it is said that it cannot be. */
const PATIENCE = 30_000;
/** How often a broker may refuse in a row: rights may come late, and wrong ones stay wrong. */
const MOST_REFUSALS = 5;

/**
 * Joins a group, and joins it again after a crash, and where kafkajs has fallen silent. A broker that is away is waited for,
 * however long; where it refuses, the subscription fails aloud.
 *
 * @throws EventBusError for a group that cannot be joined at first: at once where the broker refuses, else after half a minute
 */
export async function keepMember(options: KeepMemberOptions): Promise<KeptMember> {
  const { groupId, clock, log } = options;
  let member: GroupMember | undefined;
  let heardAt = clock.now();
  let stopped = false;
  let wake = () => {};
  let restarting: Promise<void> | undefined;
  /** Crashes in a row; one that was healthy for a while begins anew. */
  let crashes = 0;
  let refusals = 0;
  let refusal: unknown;
  let lastCrash = 0;

  member = await joinAtFirst();
  let cancelLook = lookAfter();

  return {
    current: () => member,
    async stop() {
      stopped = true;
      cancelLook();
      wake();
      await restarting;
      await leave();
    },
  };

  async function join(): Promise<GroupMember> {
    let own: GroupMember | undefined;
    const isCurrent = () => own === undefined || own === member;
    heardAt = clock.now();
    own = await joinGroup({
      ...options,
      // A consumer that was given up as silent may still say something.
      eachBatch: async (payload) => (isCurrent() ? options.eachBatch(payload) : undefined),
      joined(joined) {
        if (isCurrent()) options.joined(joined);
      },
      rebalancing(old) {
        if (isCurrent()) options.rebalancing(old);
      },
      heard() {
        heardAt = clock.now();
      },
      crashed(error) {
        if (isCurrent()) restart(error);
      },
    });
    return own;
  }

  /** A broker that has just started loads what it knows of its groups, and takes no members before. */
  async function joinAtFirst(): Promise<GroupMember> {
    const until = clock.now() + PATIENCE;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await join();
      } catch (error) {
        if (isRefusal(error) || mayBeRefusal(error) || clock.now() > until) {
          throw kafkaError(`the group ${groupId} cannot be joined`, error);
        }
        const pause = pauseAfter(attempt);
        log(
          'warn',
          `the group ${groupId} cannot be joined yet, and is tried again in ${pause} ms: ${wordsOf(error)}`,
        );
        await sleep(pause);
      }
    }
  }

  function restart(cause: unknown): void {
    if (stopped || restarting !== undefined) return;
    options.gone();
    restarting = joinAgain(cause).finally(() => {
      restarting = undefined;
      heardAt = clock.now();
    });
  }

  async function joinAgain(first: unknown): Promise<void> {
    await leave();
    if (clock.now() - lastCrash > 2 * LONGEST_WAIT) {
      crashes = 0;
      refusals = 0;
    }
    for (let cause = first; !stopped; ) {
      lastCrash = clock.now();
      crashes += 1;
      if (isRefusal(cause)) refusal = cause;
      else if (!mayBeRefusal(cause)) refusal = undefined;
      refusals = refusal === undefined ? 0 : refusals + 1;
      if (refusals > MOST_REFUSALS) {
        stopped = true;
        cancelLook();
        options.onFailure(
          kafkaError(`the consumer of ${groupId} is given up after ${refusals} attempts`, refusal),
        );
        return;
      }
      const pause = pauseAfter(crashes);
      log('warn', `the consumer of ${groupId} begins again in ${pause} ms: ${wordsOf(cause)}`);
      await sleep(pause);
      if (stopped) return;
      try {
        member = await join();
        return;
      } catch (error) {
        cause = error;
      }
    }
  }

  /** kafkajs may wait for ever for what will not come. */
  async function leave(): Promise<void> {
    const left = member?.leave().catch(() => undefined);
    member = undefined;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(LEAVE, resolve);
    });
    await Promise.race([left, late]);
    cancel();
  }

  function lookAfter(): () => void {
    return clock.after(LOOK_INTERVAL, () => {
      const silence = SILENT_SESSIONS * options.sessionTimeout;
      if (restarting === undefined && clock.now() - heardAt > silence) {
        restart(new Error(`nothing was heard of it for ${Math.round((clock.now() - heardAt) / 1000)} s`));
      }
      if (!stopped) cancelLook = lookAfter();
    });
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

function pauseAfter(failures: number): number {
  return Math.min(LONGEST_WAIT, 250 * 2 ** Math.min(failures, 10));
}

/** kafkajs says that it found no coordinator, also where a broker told it that it has no right to the group. */
function mayBeRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'KafkaJSGroupCoordinatorNotFound';
}
