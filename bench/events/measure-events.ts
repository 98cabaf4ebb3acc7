/**
 * Measures one contestant in a process of its own, which publishes and handles, and prints the figures as JSON: first it
 * publishes while nobody is told, then catches up, then both at a low steady rate, then both as fast as they can.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventRoute } from '../../test/support/event-plugins.ts';
import { createBusClient } from './bus-client.ts';
import type { BenchEvent, EventClient } from './event-client.ts';
import { createPlainClient, type PlainOptions } from './plain-kafkajs.ts';

export type EventContestant =
  | { readonly route: EventRoute }
  | { readonly plain: Omit<PlainOptions, 'atOnce'> };

/** Rates in events a second, times in milliseconds. */
export interface EventFigures {
  readonly published: number;
  readonly caughtUp: number;
  readonly endToEnd: number;
  readonly p50: number;
  readonly p99: number;
}

const AT_ONCE = 256;
const EVENTS = Number(process.env.BENCH_EVENTS ?? 20_000);
const WARM_UP = 2_000;
const STEADY = { rate: 200, seconds: 4 };
const TENANTS = 64;

const contestant: EventContestant = JSON.parse(process.argv[2] ?? '');
const client: EventClient =
  'plain' in contestant
    ? await createPlainClient({ ...contestant.plain, atOnce: AT_ONCE })
    : await createBusClient(contestant.route, AT_ONCE);
let published = 0;
let handled = 0;
let handledAll = () => {};
let latencies: number[] = [];

await client.publishAll(some(WARM_UP));
const publishing = await rateOf(() => client.publishAll(some(EVENTS)));
const caughtUp = await rateOf(async () => {
  await client.subscribe(({ at }) => {
    handled += 1;
    latencies.push(performance.now() - at);
    if (handled === published) handledAll();
  });
  await allHandled();
}, WARM_UP + EVENTS);
latencies = [];
await publishSteadily();
const sorted = latencies.toSorted((one, other) => one - other);
const endToEnd = await rateOf(async () => {
  await client.publishAll(some(EVENTS));
  await allHandled();
});
await client.stop();
const figures: EventFigures = {
  published: publishing,
  caughtUp,
  endToEnd,
  p50: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
  p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
};
console.log(`figures ${JSON.stringify(figures)}`);

function some(count: number): BenchEvent[] {
  return Array.from({ length: count }, one);
}

function one(): BenchEvent {
  published += 1;
  return {
    tenant: `tenant-${published % TENANTS}`,
    n: published,
    at: performance.now(),
    note: 'x'.repeat(100),
  };
}

async function rateOf(work: () => Promise<void>, events = EVENTS): Promise<number> {
  const startedAt = performance.now();
  await work();
  return events / ((performance.now() - startedAt) / 1_000);
}

async function publishSteadily(): Promise<void> {
  const startedAt = performance.now();
  const all: Promise<void>[] = [];
  for (let sent = 0; sent < STEADY.rate * STEADY.seconds; sent += 1) {
    const due = startedAt + (sent / STEADY.rate) * 1_000;
    if (due > performance.now()) await sleep(due - performance.now());
    all.push(client.publish(one()));
  }
  await Promise.all(all);
  await allHandled();
}

async function allHandled(): Promise<void> {
  if (handled === published) return;
  await new Promise<void>((resolve) => {
    handledAll = resolve;
  });
}
