import type { DocumentNode } from '../ir/document.ts';
import type { Plugin } from '../ir/program.ts';
import type { Located } from '../ir/source.ts';
import { schemaNodes, schemaSites } from './schema-sites.ts';

/** Every `$ref` of a plugin's schemas that is a text. */
export function* schemaReferences(plugin: Plugin): Generator<Located<string>> {
  for (const { node } of schemaSites(plugin)) yield* referencesIn(node);
}

/** Every `$ref` of one schema that is a text. */
export function* referencesIn(schema: DocumentNode): Generator<Located<string>> {
  for (const node of schemaNodes(schema)) {
    const ref = node.members.get('$ref')?.value;
    if (ref?.kind === 'scalar' && typeof ref.value === 'string') {
      yield { value: ref.value, span: ref.span };
    }
  }
}
