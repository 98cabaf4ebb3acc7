import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PUBLISHER_IDS } from '../support/event-plugins.ts';
import type { Carrier } from './carrier.ts';
import { createProgress } from './progress.ts';
import { readEventLog } from './records.ts';
import { seededRandom } from './seeded-random.ts';
import type { PublisherSettings, SubscriberSettings } from './settings.ts';
import { type Supervised, supervise } from './supervise.ts';
import { judge, type Verdict } from './verdict.ts';

export interface KillRunOptions {
  readonly carrier: Carrier;
  /** In all. */
  readonly events: number;
  readonly seed: number;
  /** The time that publishing takes at least, in seconds. */
  readonly seconds: number;
  /** How often each process is killed. */
  readonly kills: number;
}

export interface KillRun extends Verdict {
  readonly carrier: string;
  readonly published: number;
  readonly deadLetters: number;
  readonly kills: { readonly carrier: number; readonly publishers: number; readonly subscribers: number };
  readonly seconds: number;
  /** Where its files are, which stay where something is wrong. */
  readonly folder: string;
  /** What ended the run before its end; undefined where all went its way. */
  readonly problem: string | undefined;
}

const TENANTS = 40;
const REPLICAS = 2;
/** The longest that a handler takes, in milliseconds. */
const TAKES = 2;
/** The longest that what was killed stays away, in milliseconds. */
const AWAY = 600;
const LOOK_AGAIN = 50;
/** How long what is left may take after the last kill, in milliseconds. */
const PATIENCE = 180_000;

/** Publishes and handles events while everything is killed again and again, and looks what became of each. */
export async function runThroughKills(options: KillRunOptions): Promise<KillRun> {
  const { carrier, events, seed, kills } = options;
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'plexica-event-loss-'));
  const random = seededRandom(seed);
  const publisherFiles = PUBLISHER_IDS.map((id) => join(folder, `accepted-${id}`));
  const subscriberFiles = Array.from({ length: REPLICAS }, (_, index) => join(folder, `handled-${index}`));
  const accepted = createProgress(publisherFiles);
  const handled = createProgress(subscriberFiles);
  // First those that are told, so that the group is there; that nothing is lost without them is proven by the kills.
  const subscribers = subscriberFiles.map((file, index) =>
    supervise(`subscriber ${index}`, 'subscriber.ts', subscriberSettings(file)),
  );
  const publishers = publisherFiles.map((file, index) => {
    const pluginId = PUBLISHER_IDS[index] ?? '';
    return supervise(pluginId, 'publisher.ts', publisherSettings(pluginId, file));
  });
  let problem: string | undefined;
  const over = { is: false };
  try {
    await Promise.race([publishAndHandle(), ...subscribers.map(({ ended }) => ended)]);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  over.is = true;
  await Promise.all([...publishers, ...subscribers].map((program) => program.stop()));

  const verdict = judge(publisherFiles.flatMap(readEventLog), subscriberFiles.flatMap(readEventLog));
  const sum = (programs: readonly Supervised[]) => programs.reduce((all, one) => all + one.kills, 0);
  const run = {
    ...verdict,
    carrier: carrier.name,
    published: events,
    deadLetters: await carrier.deadLetters(),
    kills: { carrier: carrier.kills, publishers: sum(publishers), subscribers: sum(subscribers) },
    seconds: (performance.now() - startedAt) / 1_000,
    folder,
    problem,
  };
  if (isClean(run)) await rm(folder, { recursive: true, force: true });
  return run;

  async function publishAndHandle(): Promise<void> {
    const killing = [
      killAt(
        () => accepted() / events,
        (pause) => carrier.kill(pause),
      ),
      ...publishers.map((publisher) => killAt(() => accepted() / events, publisher.kill)),
      ...subscribers.map((subscriber) => killAt(() => handled() / events, subscriber.kill)),
    ];
    await Promise.all(publishers.map(({ ended }) => ended));
    await Promise.all(killing);
    await untilNothingIsLeft();
  }

  /** One kill after the other, each where so much of the work is done. */
  async function killAt(done: () => number, kill: (pause: number) => Promise<void>): Promise<void> {
    const moments = Array.from({ length: kills }, (_, index) => ({
      at: 0.05 + (0.85 * (index + random())) / kills,
      pause: random() * AWAY,
    }));
    for (const { at, pause } of moments) {
      while (done() < at && !over.is) await sleep(LOOK_AGAIN);
      if (over.is) return;
      await kill(pause);
    }
  }

  /** Told twice: what one replica has settled the other may not have counted yet. */
  async function untilNothingIsLeft(): Promise<void> {
    const late = AbortSignal.timeout(PATIENCE);
    const gaveUp = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () =>
        reject(new Error(`after ${PATIENCE / 1_000} s without kills something is still left to handle`)),
      );
    });
    for (const _time of [1, 2]) {
      await Promise.race([...subscribers.map((subscriber) => subscriber.printed(/lag 0\./)), gaveUp]);
    }
  }

  function publisherSettings(pluginId: string, file: string): PublisherSettings {
    const own = events / PUBLISHER_IDS.length;
    const tenants = Array.from({ length: TENANTS }, (_, index) => ({
      tenant: `tenant-${index}`,
      count: Math.floor(own / TENANTS) + (index < own % TENANTS ? 1 : 0),
    }));
    return { pluginId, route: carrier.route, file, rate: own / options.seconds, tenants };
  }

  function subscriberSettings(file: string): SubscriberSettings {
    return { route: carrier.route, file, takes: TAKES };
  }
}

export function isClean(run: KillRun): boolean {
  const { lost, outOfOrder, strange, deadLetters, problem, accepted, published } = run;
  const wrong = lost.length + outOfOrder.length + strange.length + deadLetters;
  return problem === undefined && wrong === 0 && accepted === published;
}
