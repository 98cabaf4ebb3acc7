/** JSON of plain values, maps and URLs: the same text for the same value. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Map ? [...part] : part)) ?? '';
}
