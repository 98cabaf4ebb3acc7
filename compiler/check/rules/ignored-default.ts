import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { referencedName } from '../../ir/dereference.ts';
import {
  type DocumentNode,
  keySpanAt,
  type Member,
  nodeAt,
  type ObjectNode,
  type Path,
} from '../../ir/document.ts';
import type { Plugin } from '../../ir/program.ts';
import { innerSchemas } from '../../ir/schema-nodes.ts';
import type { Span } from '../../ir/source.ts';
import type { Rule } from '../rule.ts';

/** Below these a validator tries schemas out, and cannot fill in defaults on the way. */
const ALTERNATIVES: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not', 'if']);

/** What Fastify validates, and so fills defaults into. */
const REQUEST: readonly Path[] = [
  ['schema', 'params'],
  ['schema', 'querystring'],
  ['schema', 'headers'],
  ['schema', 'body'],
  ['body'],
];

/** The defaults of a request stand where they can be filled in; Fastify refuses to start with any other. */
export const ignoredDefault: Rule = {
  code: 'PLX4020',
  name: 'ignored-default',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      if (!hasDefaults(plugin)) continue;
      const search = new DefaultSearch(plugin);
      for (const { declarations } of plugin.routes) {
        for (const { node } of declarations) {
          for (const path of REQUEST) yield* search.root(node, path);
        }
      }
    }
  },
};

function hasDefaults({ writtenSchemas }: Plugin): boolean {
  return writtenSchemas.some(({ parts }) => parts.some(({ members }) => members.has('default')));
}

/** Where a default has no effect. */
interface Ineffective {
  /** Goes behind `a "default"`: `below "anyOf"`. */
  readonly where: string;
  readonly at: Span;
  readonly help: string;
}

/** Looks through schemas and what they refer to; each schema once where defaults have an effect and once where not. */
class DefaultSearch {
  readonly #plugin: Plugin;
  readonly #seen = new Set<DocumentNode>();
  readonly #seenIneffective = new Set<DocumentNode>();
  readonly #reported = new Set<DocumentNode>();

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  /** The schema of a whole part of a request has no owner into which a default could be filled. */
  *root(endpoint: ObjectNode, path: Path): Generator<Finding> {
    const part = `"${path.join('.')}"`;
    const owner = {
      where: `of the whole of ${part}`,
      at: keySpanAt(endpoint, path),
      help: 'remove it, or move it into a property',
    };
    let schema = nodeAt(endpoint, path);
    const chain = new Set<DocumentNode>();
    while (schema?.kind === 'object' && !chain.has(schema)) {
      chain.add(schema);
      yield* this.#report(schema, owner);
      schema = this.#target(schema);
    }
    yield* this.#visit(nodeAt(endpoint, path), undefined);
  }

  *#visit(schema: DocumentNode | undefined, place: Ineffective | undefined): Generator<Finding> {
    const seen = place === undefined ? this.#seen : this.#seenIneffective;
    if (schema?.kind !== 'object' || seen.has(schema)) return;
    seen.add(schema);
    if (place !== undefined) yield* this.#report(schema, place);
    yield* this.#visit(this.#target(schema), place);
    for (const { member, node } of innerSchemas(schema)) {
      yield* this.#visit(node, ALTERNATIVES.has(member.key.value) ? below(member) : place);
    }
  }

  *#report(schema: ObjectNode, { where, at, help }: Ineffective): Generator<Finding> {
    const found = schema.members.get('default');
    if (found === undefined || this.#reported.has(schema)) return;
    this.#reported.add(schema);
    yield {
      at: found.key.span,
      message: `a "default" ${where} is never filled in`,
      label: 'has no effect',
      related: [{ at, label: 'used here' }],
      help,
    };
  }

  #target(schema: ObjectNode): DocumentNode | undefined {
    const ref = schema.members.get('$ref')?.value;
    if (ref?.kind !== 'scalar' || typeof ref.value !== 'string') return undefined;
    const { root, schemaFiles } = this.#plugin.manifest;
    const name = referencedName(ref.value);
    return name === undefined ? schemaFiles.get(ref.value)?.root : nodeAt(root, ['schemas', name]);
  }
}

function below({ key }: Member): Ineffective {
  return {
    where: `below ${quote(key.value)}`,
    at: key.span,
    help: `remove it, or move it out of ${quote(key.value)}`,
  };
}
