import { quote } from '../../diagnostics/quote.ts';
import { referencedName } from '../../ir/dereference.ts';
import type { Plugin } from '../../ir/program.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';
import { schemaReferences } from '../schema-references.ts';

/** A `$ref` leads to a named schema of the manifest or to a file of the plugin's folder, nowhere else. */
export const forbiddenRef: Rule = {
  code: 'PLX3013',
  name: 'forbidden-ref',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      const references = groupBy(schemaReferences(plugin), ({ value }) => value);
      for (const [ref, [first, ...others]] of references) {
        if (referencedName(ref) !== undefined || isFile(ref)) continue;
        yield {
          at: first.span,
          message: `a "$ref" may not lead to ${quote(ref)}`,
          label: 'not allowed',
          related: others.map(({ span }) => ({ at: span, label: 'here too' })),
          notes: [
            'allowed are "#/schemas/Name" and a file in the plugin\'s own folder, "./schemas/name.json"',
          ],
          help: helpFor(ref, plugin),
        };
      }
    }
  },
};

/** What begins like a path is for the load phase to judge. */
function isFile(ref: string): boolean {
  return /^[./\\]/.test(ref);
}

function helpFor(ref: string, { schemas }: Plugin): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(ref))
    return "save the schema into the plugin's folder and refer to that file";
  const lastPart = ref.slice(ref.lastIndexOf('/') + 1).replace(/^#/, '');
  if (schemas.has(lastPart)) return `change it to ${quote(`#/schemas/${lastPart}`)}`;
  if (/^[\w-][\w./-]*\.json$/.test(ref)) return `change it to ${quote(`./${ref}`)}`;
  return 'give the schema a name in "schemas", and refer to it as "#/schemas/Name"';
}
