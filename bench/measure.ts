/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/**
 * Measures contestants in turn, round after round, so that a machine whose speed drifts treats all alike.
 * Returns the measurements by contestant, in the order of the rounds.
 */
export async function alternate<Contestant, Measurement>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant) => Promise<Measurement>,
): Promise<ReadonlyMap<Contestant, readonly Measurement[]>> {
  const measurements = new Map<Contestant, Measurement[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [contestant, results] of measurements) results.push(await measure(contestant));
  }
  return measurements;
}
