import { Gauge, type Registry } from 'prom-client';
import { PLATFORM, pluginOfGroup } from '../events/event-contracts.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import { type BoundedCounter, createBoundedCounter } from './bounded-counter.ts';

/** What becomes of events, as far as the gateway has a part in it. Groups are plugins, or `hooks:` and a plugin. */
export interface EventMetrics {
  /** An event was accepted, and is new. */
  eventPublished(publisher: string, name: string): void;
  /** A group has done with events: handled, or given up. */
  eventsSettled(group: string, count: number): void;
  /** An attempt failed, and is made again. */
  eventFailed(group: string): void;
  /** @param reason of the dead letter, in the words of who gave it up */
  eventGivenUp(group: string, reason: string): void;
}

/** How much a group has before it. */
export interface Backlog {
  readonly group: string;
  /** Events that are not settled. */
  readonly messages: number;
  /** How long the oldest of them has waited, in milliseconds. */
  readonly oldestMs: number;
  /** Those that are kept. */
  readonly deadLetters: number;
}

const REASONS: ReadonlySet<string> = new Set([
  'handler-failed',
  'payload-invalid',
  'not-an-event',
  'redelivered-too-often',
]);

export function createEventMetrics(
  registry: Registry,
  served: () => PreparedTable,
): EventMetrics & { forgetGone(): void } {
  const known = {
    publisher: (id: string) => id === PLATFORM || served().plugins.has(id),
    group: (group: string) => served().plugins.has(pluginOfGroup(group)),
  };
  const published = counter('plexica_events_published_total', 'Events that were accepted, and were new.', [
    'publisher',
    'event',
  ]);
  const settled = counter('plexica_events_settled_total', 'Events that a group has done with.', ['group']);
  const failures = counter(
    'plexica_event_failures_total',
    'Attempts of legacy hooks that failed, and are made again.',
    ['group'],
  );
  const letters = counter('plexica_dead_letters_total', 'Events that a group gave up.', ['group', 'reason']);

  return {
    eventPublished: (publisher, event) => published.add({ publisher, event }),
    eventsSettled: (group, count) => settled.add({ group }, count),
    eventFailed: (group) => failures.add({ group }),
    eventGivenUp: (group, reason) => letters.add({ group, reason: REASONS.has(reason) ? reason : 'other' }),
    forgetGone() {
      for (const one of [published, settled, failures, letters]) one.forgetGone();
    },
  };

  function counter(name: string, help: string, labelNames: string[]): BoundedCounter {
    return createBoundedCounter({ registry, name, help, labelNames, known });
  }
}

/**
 * What groups have before them, looked up when somebody asks. Every process sees the same file, so that several of them do
 * not add up.
 */
export function registerBacklogGauges(registry: Registry, backlogs: () => readonly Backlog[]): void {
  const gauge = (name: string, help: string, collect?: () => void) =>
    new Gauge({
      ...{ name, help, labelNames: ['group'], registers: [registry], aggregator: 'max' },
      ...(collect === undefined ? {} : { collect }),
    });
  // The first one looks for all three: they are asked in the order in which they were made.
  const lag = gauge('plexica_event_lag', 'Events that a group has not settled.', () => {
    for (const one of [lag, age, letters]) one.reset();
    for (const { group, messages, oldestMs, deadLetters } of backlogs()) {
      lag.set({ group }, messages);
      age.set({ group }, oldestMs / 1_000);
      letters.set({ group }, deadLetters);
    }
  });
  const age = gauge('plexica_event_lag_seconds', 'How old the oldest event is that a group has not settled.');
  const letters = gauge('plexica_dead_letters_kept', 'Dead letters of a group.');
}
