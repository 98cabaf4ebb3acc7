import { type DocumentNode, nodeAt } from '../ir/document.ts';
import type { Manifest } from '../ir/manifest.ts';
import type { Route, WrittenSchema } from '../ir/program.ts';
import { schemaNodes } from '../ir/schema-nodes.ts';

/** Every JSON Schema of a manifest and its schema files, as written. */
export function writtenSchemas({ root, schemaFiles }: Manifest, routes: readonly Route[]): WrittenSchema[] {
  const nodes = [...membersOf(nodeAt(root, ['schemas']))];
  for (const { declarations } of routes) {
    for (const { node } of declarations) {
      const schema = nodeAt(node, ['schema']);
      if (schema?.kind === 'object') {
        for (const part of ['params', 'querystring', 'headers', 'body']) nodes.push(nodeAt(schema, [part]));
        nodes.push(...membersOf(nodeAt(schema, ['response'])));
      }
      nodes.push(
        nodeAt(node, ['body']),
        nodeAt(node, ['returns', 'data']),
        nodeAt(node, ['returns', 'list']),
      );
    }
  }
  for (const list of ['publishes', 'subscribes']) {
    const events = nodeAt(root, ['events', list]);
    if (events?.kind === 'array') nodes.push(...events.items.map((event) => nodeAt(event, ['schema'])));
  }
  return [
    ...nodes.filter((node) => node !== undefined).map((node) => written(node, false)),
    ...Array.from(schemaFiles.values(), (file) => written(file.root, true)),
  ];
}

function written(node: DocumentNode, isFile: boolean): WrittenSchema {
  return { node, isFile, parts: schemaNodes(node) };
}

function membersOf(node: DocumentNode | undefined): (DocumentNode | undefined)[] {
  return node?.kind === 'object' ? Array.from(node.members.values(), ({ value }) => value) : [];
}
