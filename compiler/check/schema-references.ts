import type { ObjectNode } from '../ir/document.ts';
import type { Plugin } from '../ir/program.ts';
import type { Located } from '../ir/source.ts';

/** Every `$ref` of a plugin's schemas that is a text. */
export function schemaReferences({ writtenSchemas }: Plugin): Located<string>[] {
  return writtenSchemas.flatMap(({ parts }) => referencesIn(parts));
}

/** The `$ref`s of some schemas that are texts. */
export function referencesIn(parts: readonly ObjectNode[]): Located<string>[] {
  const references: Located<string>[] = [];
  for (const { members } of parts) {
    const ref = members.get('$ref')?.value;
    if (ref?.kind === 'scalar' && typeof ref.value === 'string') {
      references.push({ value: ref.value, span: ref.span });
    }
  }
  return references;
}
