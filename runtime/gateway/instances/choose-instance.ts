import type { Instance } from './instance.ts';

export interface Candidate {
  readonly instance: Instance;
  readonly degraded: boolean;
  /** Requests under way at it. */
  readonly pending: number;
  /** Whether its circuit lets a request through now. */
  readonly admits: boolean;
}

/** One request on a DEGRADED instance weighs as much as this many on a HEALTHY one. */
const DEGRADED_WEIGHT = 4;

/**
 * The least busy candidate; of equals, the first from `turn` on, so that they take turns. A DEGRADED
 * instance gets traffic when the HEALTHY ones are busy, or when it is alone.
 *
 * @param tried instances that have had the request already
 */
export function chooseInstance<C extends Candidate>(
  candidates: readonly C[],
  turn: number,
  tried?: readonly Instance[],
): C | undefined {
  let best: C | undefined;
  let lightest = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset < candidates.length; offset += 1) {
    const candidate = candidates[(turn + offset) % candidates.length];
    if (candidate === undefined || !candidate.admits || tried?.includes(candidate.instance)) continue;
    const load = (candidate.pending + 1) * (candidate.degraded ? DEGRADED_WEIGHT : 1);
    if (load < lightest) {
      best = candidate;
      lightest = load;
    }
  }
  return best;
}
