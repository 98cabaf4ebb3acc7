import type { Kafka, KafkaMessage } from 'kafkajs';
import type { Clock } from '../../clock.ts';
import { wait } from '../../wait.ts';
import { readTopics } from './read-topics.ts';

export interface FollowTopicsOptions {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly listTopics: () => Promise<readonly string[]>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** How often it is looked for topics that were made meanwhile, in milliseconds. */
const LOOK = 1_000;

/**
 * What comes to topics from now on, until the signal. Topics are made when they are first needed, so that there may be none
 * yet: of one that is made meanwhile everything is new.
 */
export async function* followTopics(options: FollowTopicsOptions): AsyncGenerator<KafkaMessage> {
  const { kafka, prefix, listTopics, clock } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const known = new Set<string>();
  const readers: Promise<void>[] = [];
  const queue: KafkaMessage[] = [];
  let failure: { readonly error: unknown } | undefined;
  let notify = () => {};
  const stop = () => notify();
  signal.addEventListener('abort', stop);
  try {
    begin(read(await topicsToRead(), 'now'));
    begin(look());
    for (;;) {
      if (signal.aborted) return;
      if (failure !== undefined) throw failure.error;
      const message = queue.shift();
      if (message !== undefined) yield message;
      else {
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    ending.abort();
    await Promise.all(readers);
  }

  function begin(work: Promise<void>): void {
    const watched = work.catch((error: unknown) => {
      failure ??= { error };
      notify();
    });
    readers.push(watched);
  }

  async function look(): Promise<void> {
    for (;;) {
      await wait(LOOK, clock, signal);
      if (signal.aborted) return;
      // Kafka may be away for a while: who reads waits for it, too.
      begin(read(await topicsToRead().catch(() => []), 'beginning'));
    }
  }

  async function read(topics: readonly string[], from: 'now' | 'beginning'): Promise<void> {
    if (topics.length === 0) return;
    for await (const message of readTopics({ kafka, prefix, topics, from, until: signal })) {
      queue.push(message);
      notify();
    }
  }

  async function topicsToRead(): Promise<readonly string[]> {
    const found = (await listTopics()).filter((name) => !known.has(name));
    for (const name of found) known.add(name);
    return found;
  }
}
