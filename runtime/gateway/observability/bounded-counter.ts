import { type Aggregator, Counter, type Registry } from 'prom-client';

/** A counter whose labels hold only what the served table holds. */
export interface BoundedCounter {
  /** Counts nothing where a label holds what is not known. */
  add(labels: Labels, count?: number): void;
  /** Drops the series of what the table no longer holds. */
  forgetGone(): void;
}

export interface BoundedCounterOptions {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** By label: whether it may hold a value now. A label that is not named may hold anything. */
  readonly known?: Readonly<Record<string, (value: string) => boolean>>;
  /** How the counters of several processes become one; they are added up unless stated. */
  readonly aggregator?: Aggregator;
}

type Labels = Readonly<Record<string, string>>;

export function createBoundedCounter(options: BoundedCounterOptions): BoundedCounter {
  const { registry, name, help, labelNames, known = {}, aggregator = 'sum' } = options;
  const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry], aggregator });
  const seen = new Map<string, Labels>();
  const isKnown = (labels: Labels) =>
    Object.entries(labels).every(([label, value]) => known[label]?.(value) ?? true);
  return {
    add(labels, count = 1) {
      const key = labelNames.map((label) => labels[label]).join(' ');
      if (!seen.has(key)) {
        if (!isKnown(labels)) return;
        seen.set(key, labels);
      }
      counter.inc(labels, count);
    },
    forgetGone() {
      for (const [key, labels] of seen) {
        if (isKnown(labels)) continue;
        counter.remove(labels);
        seen.delete(key);
      }
    },
  };
}
