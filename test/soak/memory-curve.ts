const BARS = '▁▂▃▄▅▆▇█';
const MEBIBYTE = 1024 * 1024;
/** What a heap may differ by between two looks at it, in bytes. */
const SLACK = 24 * MEBIBYTE;

/**
 * Resident memory over time, as people look at it, and whether it stays: the last third is no higher than the middle
 * one, within what a garbage collector makes of it. The first third warms up.
 *
 * @param samples in bytes
 */
export function memoryCurve(samples: readonly number[]): { readonly text: string; readonly flat: boolean } {
  const known = samples.filter(Number.isFinite);
  if (known.length < 6) return { text: '  memory: not known', flat: true };
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const bars = known.map(
    (size) => BARS[Math.min(7, Math.floor(((size - least) / (most - least || 1)) * 8))] ?? '',
  );
  const third = Math.floor(known.length / 3);
  const middle = median(known.slice(third, 2 * third));
  const last = median(known.slice(2 * third));
  const text = `  memory: ${bars.join('')}  ${inMebibytes(least)} to ${inMebibytes(most)} MiB; medians of the thirds: ${[
    median(known.slice(0, third)),
    middle,
    last,
  ]
    .map(inMebibytes)
    .join(', ')}`;
  return { text, flat: last <= middle * 1.1 + SLACK };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function inMebibytes(bytes: number): string {
  return (bytes / MEBIBYTE).toFixed(0);
}
