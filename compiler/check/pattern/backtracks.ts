import { type PatternAutomaton, patternAutomaton } from './pattern-automaton.ts';

/** Steps after which a pattern counts as too complex to be called safe. */
const MOST_STEPS = 1_000_000;

/**
 * Whether a valid pattern (flag u) can take exponential time on some text: whether it can go round a loop in two ways on the
 * same characters, as `(a+)+` and `(a|a)*` can and `a(-a+)*` cannot. True for what is too complex to tell.
 */
export function backtracks(pattern: string): boolean {
  // Only a group that repeats can hold two ways round; most patterns have none.
  if (!/\)[*+{]/.test(pattern)) return false;
  const automaton = patternAutomaton(pattern);
  if (automaton === undefined) return true;
  const { follows } = automaton;
  const reaches = follows.map((_, position) => reachable(position, follows));
  const isLoop = (from: number, to: number) =>
    reaches[from]?.has(to) === true && reaches[to]?.has(from) === true;

  const loops = follows.map((next, from) => next.filter((to) => isLoop(from, to)));
  if (loops.some((next) => new Set(next).size < next.length)) return true;
  return loopsTwoWays(automaton, loops);
}

/**
 * Walks two ways through the loops at once, on the same characters, from the same position. When they part and
 * meet again, there were two ways round.
 */
function loopsTwoWays({ takes }: PatternAutomaton, loops: readonly (readonly number[])[]): boolean {
  const size = loops.length;
  const seen = new Set<number>();
  const waiting: number[] = [];
  const visit = (pair: number) => {
    if (seen.has(pair)) return;
    seen.add(pair);
    waiting.push(pair);
  };
  for (const [position, next] of loops.entries()) if (next.length > 0) visit(position * size + position);

  let steps = 0;
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const left = Math.floor(pair / size);
    const right = pair % size;
    for (const nextLeft of loops[left] ?? []) {
      for (const nextRight of loops[right] ?? []) {
        steps += 1;
        if (steps > MOST_STEPS) return true;
        if (((takes[nextLeft] ?? 0n) & (takes[nextRight] ?? 0n)) === 0n) continue;
        if (left !== right && nextLeft === nextRight) return true;
        visit(nextLeft * size + nextRight);
      }
    }
  }
  return false;
}

function reachable(from: number, follows: readonly (readonly number[])[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const waiting = [...(follows[from] ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(follows[next] ?? []));
  }
  return seen;
}
