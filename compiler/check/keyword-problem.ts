import { nearest } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import { type DocumentNode, type ScalarNode, toValue } from '../ir/document.ts';
import type { Span } from '../ir/source.ts';
import { readPattern } from './pattern/read-pattern.ts';
import { quotedList } from './quoted-list.ts';
import { type KeywordShape, schemaFormats, schemaTypes } from './schema-vocabulary.ts';

/** What is wrong with the value of a keyword. */
export interface KeywordProblem {
  readonly at: Span;
  /** Goes behind the keyword: `must be a text`. */
  readonly what: string;
  readonly help?: string;
}

/** What is wrong with a value of a given shape, or undefined. Inner schemas are judged on their own. */
export function keywordProblem(shape: KeywordShape, node: DocumentNode): KeywordProblem | undefined {
  const must = (what: string, help?: string): KeywordProblem => ({
    at: node.span,
    what: `must be ${what}`,
    ...(help && { help }),
  });
  switch (shape) {
    case 'anything':
      return undefined;
    case 'boolean':
      return isScalar(node, 'boolean') ? undefined : must('true or false');
    case 'count':
      return isCount(node) ? undefined : must('a whole number, 0 or more');
    case 'number':
      return isScalar(node, 'number') ? undefined : must('a number');
    case 'positive':
      return isScalar(node, 'number') && Number(node.value) > 0 ? undefined : must('a number above 0');
    case 'text':
      return isScalar(node, 'string') ? undefined : must('a text');
    case 'list':
      return node.kind === 'array' ? undefined : must('a list');
    case 'schema':
      return isSchema(node) ? undefined : must('a schema: an object, true or false');
    case 'type':
      return typeProblem(node);
    case 'format':
      return oneOf(node, schemaFormats, 'format');
    case 'pattern':
      return patternProblem(node);
    case 'names':
      return namesProblem(node);
    case 'values':
      return node.kind === 'array' && node.items.length > 0
        ? repeated(node)
        : must('a list of at least one value');
    case 'schemas':
      if (node.kind !== 'array' || node.items.length === 0) return must('a list of at least one schema');
      return firstNoSchema(node.items);
    case 'record':
      if (node.kind !== 'object') return must('an object of schemas');
      return firstNoSchema([...node.members.values()].map(({ value }) => value));
  }
}

/** What is wrong with a text as a regular expression. */
export function patternProblem(node: DocumentNode): KeywordProblem | undefined {
  if (!isScalar(node, 'string')) return { at: node.span, what: 'must be a text' };
  const read = readPattern(String(node.value));
  if (read.kind !== 'invalid') return undefined;
  return { at: node.span, what: `is not a regular expression: ${read.reason}` };
}

function typeProblem(node: DocumentNode): KeywordProblem | undefined {
  if (node.kind !== 'array') return oneOf(node, schemaTypes, 'type');
  if (node.items.length === 0) return { at: node.span, what: 'must name at least one type' };
  return node.items.map((item) => oneOf(item, schemaTypes, 'type')).find(Boolean) ?? repeated(node);
}

function oneOf(node: DocumentNode, known: readonly string[], what: string): KeywordProblem | undefined {
  if (!isScalar(node, 'string')) return { at: node.span, what: `must be the name of a ${what}` };
  const name = String(node.value);
  if (known.includes(name)) return undefined;
  const meant = nearest(name, known);
  const help =
    meant === undefined ? `write ${quotedList(known.slice(0, 8), 'or')}` : `change it to ${quote(meant)}`;
  return { at: node.span, what: `names ${quote(name)}, which is no ${what} of JSON Schema`, help };
}

function namesProblem(node: DocumentNode): KeywordProblem | undefined {
  if (node.kind !== 'array') {
    return {
      at: node.span,
      what: 'must be a list of names of properties',
      ...(isScalar(node, 'boolean') && {
        help: 'put the name of the property into "required" of the object',
      }),
    };
  }
  const wrong = node.items.find((item) => !isScalar(item, 'string'));
  return wrong === undefined ? repeated(node) : { at: wrong.span, what: 'must hold names of properties' };
}

function repeated(node: Extract<DocumentNode, { kind: 'array' }>): KeywordProblem | undefined {
  const seen = new Set<string>();
  for (const item of node.items) {
    const value = JSON.stringify(toValue(item));
    if (seen.has(value))
      return { at: item.span, what: 'has this value twice', help: 'remove one of the two' };
    seen.add(value);
  }
  return undefined;
}

function firstNoSchema(nodes: readonly DocumentNode[]): KeywordProblem | undefined {
  const wrong = nodes.find((node) => !isSchema(node));
  return wrong && { at: wrong.span, what: 'must hold schemas: objects, true or false' };
}

function isSchema(node: DocumentNode): boolean {
  return node.kind === 'object' || isScalar(node, 'boolean');
}

function isCount(node: DocumentNode): boolean {
  return isScalar(node, 'number') && Number.isSafeInteger(node.value) && Number(node.value) >= 0;
}

function isScalar(node: DocumentNode, type: 'boolean' | 'number' | 'string'): node is ScalarNode {
  return node.kind === 'scalar' && typeof node.value === type;
}
