import { quote } from '../diagnostics/quote.ts';
import type { DocumentNode, ScalarNode } from '../ir/document.ts';
import { listWords, writtenValue } from './vocabulary.ts';

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

/**
 * The edit that gives a value one of the types allowed, where it is a small one. `keys` are those that an object in
 * its place may have, `needed` those that it must have.
 */
export function convertValue(
  node: DocumentNode | undefined,
  types: readonly string[],
  keys: readonly string[],
  needed: readonly string[],
): string | undefined {
  if (node?.kind === 'object' && types.includes('array')) return 'put it into a list: [ … ]';
  if (node?.kind === 'scalar' && node.value === null) return 'remove the key, or give it a value';
  if (node?.kind === 'scalar') {
    const converted = convertScalar(node, types);
    if (converted !== undefined) return converted;
  }
  if (!types.includes('object')) return undefined;
  const [only] = needed;
  if (
    needed.length === 1 &&
    only !== undefined &&
    node?.kind === 'scalar' &&
    typeof node.value === 'string'
  ) {
    return `write { ${quote(only)}: ${quote(node.value)} }`;
  }
  return keys.length > 0 ? `write { … } with the keys ${listWords(keys.map(quote), 'and')}` : undefined;
}

function convertScalar(node: ScalarNode, types: readonly string[]): string | undefined {
  const { value } = node;
  if (typeof value === 'string') {
    const number = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value);
    if (number && types.includes('number')) return `write ${value} without quotes`;
    if (number && types.includes('integer') && !value.includes('.')) return `write ${value} without quotes`;
    if (types.includes('boolean'))
      return `write ${YES.has(value.toLowerCase()) ? 'true' : 'false'} without quotes`;
    if (types.includes('array')) return `put it into a list: [${quote(value)}]`;
    return undefined;
  }
  return types.includes('string') ? `put it in quotes: "${writtenValue(node)}"` : undefined;
}

const YES = new Set(['true', 'yes', 'on', 'y', '1']);
