import { quote } from '../diagnostics/quote.ts';
import type { DocumentNode } from '../ir/document.ts';

/** What a string was probably meant to be, where small changes make it fit a pattern. */
export function correctForm(text: string, pattern: string): string | undefined {
  const fits = new RegExp(pattern, 'u');
  const hyphenated = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const underscored = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '');
  const spaced = text.replace(/\s+/g, '');
  const endpoint = text
    .trim()
    .replace(/^([a-z]+)\s*\/?/i, (_, method: string) => `${method.toUpperCase()} /`);
  return [spaced, hyphenated, underscored, endpoint].find((candidate) => fits.test(candidate));
}

/** The edit that gives a value one of the types allowed, where it is a small one. */
export function convertValue(types: readonly string[], node: DocumentNode | undefined): string | undefined {
  if (node?.kind === 'object' && types.includes('array')) return 'put it into a list: [ … ]';
  if (node?.kind !== 'scalar') return undefined;
  const { value } = node;
  if (typeof value === 'string') {
    const number = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value);
    if (number && types.includes('number')) return `write ${value} without quotes`;
    if (number && types.includes('integer') && !value.includes('.')) return `write ${value} without quotes`;
    if (/^(true|false)$/.test(value) && types.includes('boolean')) return `write ${value} without quotes`;
    if (types.includes('array')) return `put it into a list: [${quote(value)}]`;
  }
  if (value === null) return 'remove the key, or give it a value';
  if (typeof value !== 'string' && types.includes('string')) return `put it in quotes: "${value}"`;
  return undefined;
}

