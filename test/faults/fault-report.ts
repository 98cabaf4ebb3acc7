import type { Outcome } from './fault-load.ts';

/** A line of the table. Times in milliseconds. */
export interface FaultRow {
  readonly fault: string;
  readonly outcomes: readonly Outcome[];
  /**
   * Requests that should not have failed and did: acknowledged and not done, or idempotent ones for which another instance
   * was there.
   */
  readonly lost?: number;
  /** From the fault until the gateway, or its client, knew. */
  readonly detected?: number;
  /** From the end of the fault until the first good answer. */
  readonly recovered?: number;
  readonly note?: string;
}

const HEAD = ['fault', 'sent', 'answers', 'cut', 'lost', 'detected', 'recovered', ''];

export function faultTable(rows: readonly FaultRow[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Such as `200×120 503×4`. */
export function answersOf(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { kind, status, code } of outcomes) {
    const name = kind !== 'whole' ? kind : status === 503 ? `503 ${code}` : String(status);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name}×${count}`)
    .join(', ');
}

/** In milliseconds; of no outcome, NaN. */
export function quantile(outcomes: readonly Outcome[], share: number): number {
  const times = outcomes.map(({ ms }) => ms).sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}

function cellsOf({ fault, outcomes, lost, detected, recovered, note }: FaultRow): string[] {
  const cut = outcomes.filter(({ kind }) => kind === 'cut' || kind === 'none').length;
  const time = (ms: number | undefined) => (ms === undefined ? '' : `${Math.round(ms)} ms`);
  return [
    fault,
    String(outcomes.length),
    answersOf(outcomes),
    String(cut),
    lost === undefined ? '' : String(lost),
    time(detected),
    time(recovered),
    note ?? '',
  ];
}
