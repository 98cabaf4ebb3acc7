/** A dependency of one thing on another, both named. */
export interface Arrow<T> {
  readonly from: string;
  readonly to: string;
  /** Where it is declared, or whatever else the caller wants back. */
  readonly origin: T;
}

/** More cycles than these in one knot are not worth telling apart. */
const MOST_PER_KNOT = 20;

/**
 * The cycles among arrows, each as its arrows in order, from its smallest name on. Every arrow that lies on a cycle is in
 * one of them, and each is as short as its first arrow allows; at most 20 for things that all reach each other.
 */
export function findCycles<T>(arrows: readonly Arrow<T>[]): Arrow<T>[][] {
  const outgoing = new Map<string, Arrow<T>[]>();
  for (const arrow of arrows) {
    const list = outgoing.get(arrow.from);
    if (list === undefined) outgoing.set(arrow.from, [arrow]);
    else list.push(arrow);
  }
  for (const list of outgoing.values()) list.sort((a, b) => compare(a.to, b.to));

  const cycles: Arrow<T>[][] = [];
  for (const knot of knotsOf(outgoing)) {
    const covered = new Set<string>();
    let found = 0;
    for (const from of [...knot].sort(compare)) {
      for (const arrow of outgoing.get(from) ?? []) {
        if (!knot.has(arrow.to) || covered.has(nameOf(arrow)) || found === MOST_PER_KNOT) continue;
        const cycle = [arrow, ...shortestWay(arrow.to, from, outgoing, knot)];
        for (const part of cycle) covered.add(nameOf(part));
        cycles.push(fromSmallest(cycle));
        found += 1;
      }
    }
  }
  return cycles.sort((a, b) => compare(a[0]?.from ?? '', b[0]?.from ?? ''));
}

/** Sets of names that all reach each other (Tarjan's algorithm, without recursion). */
function knotsOf<T>(outgoing: ReadonlyMap<string, readonly Arrow<T>[]>): ReadonlySet<string>[] {
  const knots: Set<string>[] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();

  for (const root of outgoing.keys()) {
    if (order.has(root)) continue;
    const visits = [{ name: root, next: 0 }];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { name } = visit;
      if (visit.next === 0 && !order.has(name)) {
        lowest.set(name, order.size);
        order.set(name, order.size);
        path.push(name);
        onPath.add(name);
      }
      const arrow = outgoing.get(name)?.[visit.next];
      if (arrow !== undefined) {
        visit.next += 1;
        if (!order.has(arrow.to)) visits.push({ name: arrow.to, next: 0 });
        else if (onPath.has(arrow.to)) lower(lowest, name, order.get(arrow.to));
        continue;
      }
      visits.pop();
      const parent = visits.at(-1);
      if (parent !== undefined) lower(lowest, parent.name, lowest.get(name));
      if (lowest.get(name) !== order.get(name)) continue;
      const knot = new Set(path.splice(path.lastIndexOf(name)));
      for (const member of knot) onPath.delete(member);
      const isCycle = knot.size > 1 || outgoing.get(name)?.some(({ to }) => to === name) === true;
      if (isCycle) knots.push(knot);
    }
  }
  return knots;
}

function lower(lowest: Map<string, number>, name: string, candidate: number | undefined): void {
  if (candidate !== undefined && candidate < (lowest.get(name) ?? candidate + 1)) lowest.set(name, candidate);
}

/** The fewest arrows from one name to another inside a knot. Empty where both are the same. */
function shortestWay<T>(
  from: string,
  to: string,
  outgoing: ReadonlyMap<string, readonly Arrow<T>[]>,
  knot: ReadonlySet<string>,
): Arrow<T>[] {
  const arrivedBy = new Map<string, Arrow<T> | undefined>([[from, undefined]]);
  const waiting = [from];
  for (let at = 0; at < waiting.length && !arrivedBy.has(to); at += 1) {
    for (const arrow of outgoing.get(waiting[at] ?? '') ?? []) {
      if (!knot.has(arrow.to) || arrivedBy.has(arrow.to)) continue;
      arrivedBy.set(arrow.to, arrow);
      waiting.push(arrow.to);
    }
  }
  const way: Arrow<T>[] = [];
  for (let arrow = arrivedBy.get(to); arrow !== undefined; arrow = arrivedBy.get(arrow.from))
    way.unshift(arrow);
  return way;
}

function fromSmallest<T>(cycle: readonly Arrow<T>[]): Arrow<T>[] {
  let smallest = 0;
  for (const [index, { from }] of cycle.entries()) {
    if (from < (cycle[smallest]?.from ?? from)) smallest = index;
  }
  return [...cycle.slice(smallest), ...cycle.slice(0, smallest)];
}

/** Two arrows between the same names are one for a cycle. */
function nameOf({ from, to }: Arrow<unknown>): string {
  return `${from} ${to}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
