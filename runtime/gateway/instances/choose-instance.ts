import type { Instance } from './instance.ts';

export interface Candidate {
  readonly instance: Instance;
  readonly degraded: boolean;
}

/** One request on a DEGRADED instance weighs as much as this many on a HEALTHY one. */
const DEGRADED_WEIGHT = 4;

/**
 * The least busy candidate; of equals, the first from `turn` on, so that they take turns. A DEGRADED
 * instance gets traffic when the HEALTHY ones are busy, or when it is alone.
 */
export function chooseInstance(candidates: readonly Candidate[], turn: number): Instance | undefined {
  if (candidates.length < 2) return candidates[0]?.instance;
  let best: Instance | undefined;
  let lightest = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset < candidates.length; offset += 1) {
    const candidate = candidates[(turn + offset) % candidates.length];
    if (candidate === undefined) continue;
    const load = (candidate.instance.dispatcher.stats.size + 1) * (candidate.degraded ? DEGRADED_WEIGHT : 1);
    if (load < lightest) {
      best = candidate.instance;
      lightest = load;
    }
  }
  return best;
}
