import { type DocumentNode, type Member, nodeAt, type ObjectNode, type Path } from '../ir/document.ts';
import type { Plugin } from '../ir/program.ts';
import { schemaKeyword } from '../ir/subschemas.ts';

/** A place where a manifest, or a schema file of its plugin, holds a JSON Schema. */
export interface SchemaSite {
  readonly node: DocumentNode;
  /** Whether it is the whole of a schema file. */
  readonly isFile: boolean;
}

const ENDPOINT_SCHEMAS: readonly Path[] = [
  ['schema', 'params'],
  ['schema', 'querystring'],
  ['schema', 'headers'],
  ['schema', 'body'],
  ['body'],
  ['returns', 'data'],
  ['returns', 'list'],
];

/** Every JSON Schema that a plugin's author wrote, in the order of the manifest, then the schema files. */
export function* schemaSites(plugin: Plugin): Generator<SchemaSite> {
  const { root, schemaFiles } = plugin.manifest;
  yield* membersOf(nodeAt(root, ['schemas']));
  for (const { declarations } of plugin.routes) {
    for (const { node } of declarations) {
      for (const path of ENDPOINT_SCHEMAS) yield* siteOf(nodeAt(node, path));
      yield* membersOf(nodeAt(node, ['schema', 'response']));
    }
  }
  for (const list of ['publishes', 'subscribes']) {
    const events = nodeAt(root, ['events', list]);
    if (events?.kind !== 'array') continue;
    for (const event of events.items) yield* siteOf(nodeAt(event, ['schema']));
  }
  for (const { root: node } of schemaFiles.values()) yield { node, isFile: true };
}

/** A schema and all schemas inside it. Data (`enum`, `examples`) is not looked into. */
export function schemaNodes(node: DocumentNode): ObjectNode[] {
  const nodes = node.kind === 'object' ? [node] : [];
  // The list grows while it is walked.
  for (const outer of nodes) {
    for (const inner of innerSchemas(outer)) if (inner.node.kind === 'object') nodes.push(inner.node);
  }
  return nodes;
}

/** What stands where JSON Schema has schemas, directly inside one, with the keyword that holds it. */
export function innerSchemas({ members }: ObjectNode): { member: Member; node: DocumentNode }[] {
  const found: { member: Member; node: DocumentNode }[] = [];
  for (const member of members.values()) {
    const kind = schemaKeyword(member.key.value);
    if (kind === undefined) continue;
    const { value } = member;
    if (kind === 'schema') found.push({ member, node: value });
    if (kind === 'list' && value.kind === 'array')
      for (const node of value.items) found.push({ member, node });
    if (kind === 'record' && value.kind === 'object') {
      for (const inner of value.members.values()) found.push({ member, node: inner.value });
    }
  }
  return found;
}

function* siteOf(node: DocumentNode | undefined): Generator<SchemaSite> {
  if (node !== undefined) yield { node, isFile: false };
}

function* membersOf(node: DocumentNode | undefined): Generator<SchemaSite> {
  if (node?.kind !== 'object') return;
  for (const { value } of node.members.values()) yield { node: value, isFile: false };
}
