import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  Parser,
  type YAMLMap,
} from 'yaml';
import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { printable, quote } from '../diagnostics/quote.ts';
import type { DocumentNode, Member } from '../ir/document.ts';
import type { SourceFile, Span } from '../ir/source.ts';
import { duplicateKey, emptyFile, malformedYaml, nestedTooDeep } from './kinds.ts';
import { DEEPEST_NESTING } from './limits.ts';

/** Parts of the largest document, aliases written out. */
const MOST_NODES = 100_000;

/**
 * Reads a YAML text of one document (YAML 1.2, core schema); every part of the result knows its place, and
 * an alias stands for a copy of what it names. An error of the syntax gives one finding and no value.
 */
export function parseYaml(file: SourceFile): Outcome<DocumentNode | undefined> {
  const tokens = [...new Parser().parse(file.text)];
  const deep = tooDeep(tokens, file);
  if (deep !== undefined) return { value: undefined, diagnostics: [deep] };

  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, schema: 'core', version: '1.2' });
  const [document, second] = [...composer.compose(tokens, true, file.text.length)];
  const error = document?.errors[0];
  if (error !== undefined) return { value: undefined, diagnostics: [syntaxError(file, error)] };
  if (second !== undefined) {
    const start = second.range[0];
    const finding = {
      at: { file, start, end: start },
      message: 'the file holds more than one YAML document',
      label: 'the second begins here',
      help: 'remove the line ---',
    };
    return { value: undefined, diagnostics: [diagnostic(malformedYaml, finding)] };
  }
  const contents = document?.contents;
  if (contents === null || contents === undefined || isEmptyScalar(contents)) {
    const finding = {
      at: { file, start: 0, end: 0 },
      message: 'the file is empty',
      help: 'write at least: plugins: ["plugins/*/plugin.json"]',
    };
    return { value: undefined, diagnostics: [diagnostic(emptyFile, finding)] };
  }
  const reader = new YamlReader(file);
  const value = reader.node(contents, []);
  return { value, diagnostics: reader.diagnostics };
}

class YamlReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #file: SourceFile;
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** `owners` holds what the node stands in, to bound the depth and to see an alias inside its own anchor. */
  node(node: Node, owners: readonly Node[]): DocumentNode | undefined {
    this.#nodes += 1;
    const span = this.#span(node);
    if (this.#nodes > MOST_NODES) {
      return this.#fail(span, 'aliases make the document too large', 'write out the part that you mean');
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) {
        return this.#fail(
          span,
          `no anchor &${printable(node.source)} stands before this alias`,
          'name it where it is first used',
        );
      }
      if (owners.includes(target))
        return this.#fail(span, 'an alias stands inside what it names', 'remove the alias');
      return this.node(target, owners);
    }
    if ('anchor' in node && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (owners.length > DEEPEST_NESTING)
      return this.#fail(span, 'aliases nest too deep', 'write out the part that you mean');
    if (isMap(node)) return this.#map(node, [...owners, node], span);
    if (isSeq(node)) {
      const items: DocumentNode[] = [];
      for (const item of node.items) {
        // The composer puts nothing but nodes into a list; an item left out is a null scalar.
        const value = this.node(item as Node, [...owners, node]);
        if (value === undefined) return undefined;
        items.push(value);
      }
      return { kind: 'array', span, items };
    }
    if (!isScalar(node))
      return this.#fail(span, 'this is not a value', 'write a string, a number, a list or a map');
    return this.#scalar(node.value, span);
  }

  #map(map: YAMLMap, owners: readonly Node[], span: Span): DocumentNode | undefined {
    const members = new Map<string, Member>();
    for (const { key, value } of map.items) {
      // As above: the composer makes nodes, here of keys and of values that are left out too.
      const keyNode = key as Node;
      const keySpan = this.#span(keyNode);
      if (!isScalar(keyNode)) return this.#fail(keySpan, 'a key must be a string', 'write it in quotes');
      const name =
        typeof keyNode.value === 'string' ? keyNode.value : (keyNode.source ?? String(keyNode.value));
      const first = members.get(name);
      if (first !== undefined) {
        this.diagnostics.push(
          diagnostic(duplicateKey, {
            at: keySpan,
            message: `the key ${quote(name)} stands twice in one map`,
            label: 'here again',
            related: [{ at: first.key.span, label: 'first here' }],
            help: 'remove one of the two',
          }),
        );
      }
      const read: DocumentNode | undefined =
        value === null ? { kind: 'scalar', span: keySpan, value: null } : this.node(value as Node, owners);
      if (read === undefined) return undefined;
      if (first === undefined) members.set(name, { key: { value: name, span: keySpan }, value: read });
    }
    return { kind: 'object', span, members };
  }

  #scalar(value: unknown, span: Span): DocumentNode | undefined {
    if (value === null || typeof value === 'boolean') return { kind: 'scalar', span, value };
    if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'scalar', span, value };
    if (typeof value === 'string' && value.isWellFormed()) return { kind: 'scalar', span, value };
    return this.#fail(span, 'this value has no meaning here', 'write a string, a number, true or false');
  }

  #fail(at: Span, message: string, help: string): undefined {
    this.diagnostics.push(diagnostic(malformedYaml, { at, message, help }));
    return undefined;
  }

  /** The composer counts the line end behind a block of lines to it. */
  #span(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return { file: this.#file, start, end: start + this.#file.text.slice(start, end).trimEnd().length };
  }
}

/** Measures nesting without recursion, before the composer and this file recurse. */
function tooDeep(documents: readonly CST.Token[], file: SourceFile): Diagnostic | undefined {
  const waiting: { token: CST.Token; depth: number }[] = documents.map((token) => ({ token, depth: 1 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > DEEPEST_NESTING && 'items' in token) {
      return diagnostic(nestedTooDeep, {
        at: { file, start: token.offset, end: token.offset + 1 },
        message: `maps and lists stand more than ${DEEPEST_NESTING} deep in one another`,
        label: `level ${DEEPEST_NESTING + 1} begins here`,
        help: 'flatten it',
      });
    }
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}

function isEmptyScalar(node: ParsedNode): boolean {
  return isScalar(node) && node.value === null && node.source === '';
}

function syntaxError(
  file: SourceFile,
  error: { readonly pos: readonly [number, number]; readonly message: string },
): Diagnostic {
  const [start, end] = error.pos;
  return diagnostic(malformedYaml, {
    at: { file, start, end: Math.max(start, end) },
    message: `the file is not YAML: ${printable(error.message.split('\n')[0] ?? '')}`,
    help: 'indent with spaces, put a space after each colon, and quote strings that hold : # { } [ ] , & * ! | > % @',
  });
}
