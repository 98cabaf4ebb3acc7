import { type PluginManifest, validatePluginManifest } from '@plexica/types';
import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { type DocumentNode, type ObjectNode, toValue } from '../ir/document.ts';
import type { Manifest, SchemaFile } from '../ir/manifest.ts';
import type { SourceFile } from '../ir/source.ts';
import { collapseViolations } from './collapse-violations.ts';
import { explainCause } from './explain-cause.ts';
import { wrongType } from './kinds.ts';
import { refusePrototypeKeys } from './refuse-prototype-keys.ts';
import { MANIFEST_WORDS, nodeWord } from './vocabulary.ts';

/**
 * Holds a manifest against its JSON Schema. Unknown keys harm nobody who reads the rest, so a manifest with
 * no other violation has a value still, and the rules find what else is wrong with it.
 */
export function validateManifest(
  file: SourceFile,
  root: DocumentNode,
  schemaFiles: ReadonlyMap<string, SchemaFile>,
): Outcome<Manifest | undefined> {
  if (root.kind !== 'object') return { value: undefined, diagnostics: [notAnObject(root)] };
  const value = toValue(root);
  const violations = validatePluginManifest(value).filter(
    ({ params }) => params.additionalProperty !== '__proto__',
  );
  const causes = collapseViolations(violations);
  const diagnostics = [
    ...refusePrototypeKeys(root),
    ...[...schemaFiles.values()].flatMap((schemaFile) => refusePrototypeKeys(schemaFile.root)),
    ...causes.map((cause) => explainCause(root, cause, MANIFEST_WORDS)),
  ];
  const unread = causes.some(({ violation, meant }) => violation.keyword !== 'additionalProperties' || meant);
  if (unread) return { value: undefined, diagnostics };
  // The schema accepts it, and the type was made from the schema; both leave room for further keys.
  return { value: { file, root, value: value as PluginManifest, schemaFiles }, diagnostics };
}

function notAnObject(root: Exclude<DocumentNode, ObjectNode>): Diagnostic {
  return diagnostic(wrongType, {
    at: root.span,
    message: `a manifest must be an object, not ${nodeWord(root, MANIFEST_WORDS)}`,
    label: 'expected { … }',
    help: 'write { "id": "plugin-name", "name": "…", "version": "1.0.0" }',
  });
}
