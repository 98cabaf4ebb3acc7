import type { EventRecord } from './records.ts';

/** What became of the events of a run. Those of a list are named: `plugin-red tenant-3 17`. */
export interface Verdict {
  readonly accepted: number;
  /** Distinct ones. */
  readonly handled: number;
  /** Accepted, and never handled. */
  readonly lost: readonly string[];
  /** First handled after a later one of their tenant and source. */
  readonly outOfOrder: readonly string[];
  /** Handled, and never accepted, or not with this id. */
  readonly strange: readonly string[];
  /** Handled once more. */
  readonly duplicates: number;
}

/**
 * @param accepted what publishers wrote down
 * @param handled what each subscriber wrote down, in any order
 */
export function judge(accepted: readonly EventRecord[], handled: readonly EventRecord[]): Verdict {
  const known = new Map(accepted.map((record) => [nameOf(record), record.id]));
  const seen = new Set<string>();
  const latest = new Map<string, number>();
  const outOfOrder: string[] = [];
  const strange: string[] = [];
  let duplicates = 0;
  for (const record of handled.toSorted((one, other) =>
    one.at < other.at ? -1 : one.at > other.at ? 1 : 0,
  )) {
    const name = nameOf(record);
    if (known.get(name) !== record.id) strange.push(name);
    if (seen.has(name)) {
      duplicates += 1;
      continue;
    }
    seen.add(name);
    const lane = `${record.source} ${record.tenant}`;
    const before = latest.get(lane) ?? 0;
    if (record.n < before) outOfOrder.push(name);
    latest.set(lane, Math.max(before, record.n));
  }
  return {
    accepted: known.size,
    handled: seen.size,
    lost: [...known.keys()].filter((name) => !seen.has(name)),
    outOfOrder,
    strange,
    duplicates,
  };
}

function nameOf({ source, tenant, n }: EventRecord): string {
  return `${source} ${tenant} ${n}`;
}
