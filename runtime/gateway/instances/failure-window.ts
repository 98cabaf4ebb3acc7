/** How many requests there were lately, and how many of them failed. Counting makes no garbage. */
export interface FailureWindow {
  /** As of the last `add`. */
  readonly total: number;
  readonly failures: number;
  /** @param now milliseconds; never less than before */
  add(now: number, failed: boolean): void;
  clear(): void;
}

/** The window slides in steps of this part. */
const STEPS = 10;

/** @param span of the window, in milliseconds */
export function createFailureWindow(span: number): FailureWindow {
  const totals = new Uint32Array(STEPS);
  const failures = new Uint32Array(STEPS);
  /** The step that is counted in, since time began. */
  let step = 0;

  return {
    get total() {
      return sum(totals);
    },
    get failures() {
      return sum(failures);
    },
    add(now, failed) {
      slideTo(Math.floor((now * STEPS) / span));
      const slot = step % STEPS;
      totals[slot] = (totals[slot] ?? 0) + 1;
      if (failed) failures[slot] = (failures[slot] ?? 0) + 1;
    },
    clear() {
      totals.fill(0);
      failures.fill(0);
    },
  };

  function slideTo(next: number): void {
    for (let past = Math.max(step + 1, next - STEPS + 1); past <= next; past += 1) {
      totals[past % STEPS] = 0;
      failures[past % STEPS] = 0;
    }
    step = next;
  }
}

function sum(counts: Uint32Array): number {
  let all = 0;
  for (const count of counts) all += count;
  return all;
}
