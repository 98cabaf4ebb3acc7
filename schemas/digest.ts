import { createHash } from 'node:crypto';

/**
 * The sha256 of a JSON value in normal form, as `sha256:<64 hex digits>`: object keys in code-unit order,
 * no white space, `undefined` members left out. Key order and layout never change it.
 */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(normalForm(value)).digest('hex')}`;
}

/** A JSON value as text, the same for equal values: what `digestOf` takes the digest of. */
export function normalForm(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(normalForm).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${normalForm(member)}`);
  return `{${members.join(',')}}`;
}
