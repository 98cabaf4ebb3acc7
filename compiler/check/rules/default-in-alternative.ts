import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { referencedName } from '../../ir/dereference.ts';
import { type DocumentNode, type Member, nodeAt, type Path } from '../../ir/document.ts';
import type { Plugin } from '../../ir/program.ts';
import type { Rule } from '../rule.ts';
import { innerSchemas } from '../schema-sites.ts';

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
export const defaultInAlternative: Rule = {
  code: 'PLX4020',
  name: 'default-in-alternative',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      const search = new DefaultSearch(plugin);
      for (const { declarations } of plugin.routes) {
        for (const { node } of declarations) {
          for (const path of REQUEST) yield* search.visit(nodeAt(node, path), undefined);
        }
      }
    }
  },
};

/** Looks through schemas and what they refer to; each schema once outside and once below an alternative. */
class DefaultSearch {
  readonly #plugin: Plugin;
  readonly #seenOutside = new Set<DocumentNode>();
  readonly #seenBelow = new Set<DocumentNode>();

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  *visit(schema: DocumentNode | undefined, below: Member | undefined): Generator<Finding> {
    const seen = below === undefined ? this.#seenOutside : this.#seenBelow;
    if (schema?.kind !== 'object' || seen.has(schema)) return;
    seen.add(schema);
    const found = schema.members.get('default');
    if (found !== undefined && below !== undefined) {
      yield {
        at: found.key.span,
        message: `a "default" below ${quote(below.key.value)} is never filled in`,
        label: 'has no effect',
        related: [{ at: below.key.span, label: 'the alternatives' }],
        help: `remove it, or move it out of ${quote(below.key.value)}`,
      };
    }
    yield* this.visit(this.#target(schema.members.get('$ref')?.value), below);
    for (const { member, node } of innerSchemas(schema)) {
      yield* this.visit(node, ALTERNATIVES.has(member.key.value) ? member : below);
    }
  }

  #target(ref: DocumentNode | undefined): DocumentNode | undefined {
    if (ref?.kind !== 'scalar' || typeof ref.value !== 'string') return undefined;
    const { root, schemaFiles } = this.#plugin.manifest;
    const name = referencedName(ref.value);
    return name === undefined ? schemaFiles.get(ref.value)?.root : nodeAt(root, ['schemas', name]);
  }
}
