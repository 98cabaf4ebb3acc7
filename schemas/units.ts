const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** Milliseconds of a duration such as `500ms`, `5s`, `1m`, `2h`. Throws a RangeError for anything else. */
export function milliseconds(duration: string): number {
  return measure(duration, MILLISECONDS, 'a duration such as 500ms, 5s or 1m');
}

/** Bytes of a size such as `512KiB` or `10MiB`. Throws a RangeError for anything else. */
export function bytes(size: string): number {
  return measure(size, BYTES, 'a size such as 512KiB or 10MiB');
}

function measure(text: string, units: Readonly<Record<string, number>>, expected: string): number {
  const match = /^([0-9]+)([A-Za-z]+)$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : units[match[2]];
  if (match?.[1] === undefined || unit === undefined) throw new RangeError(`"${text}" is not ${expected}`);
  return Number(match[1]) * unit;
}
