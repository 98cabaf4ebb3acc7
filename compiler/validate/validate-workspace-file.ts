import { type Environment, validateWorkspace, type Workspace } from '@plexica/types';
import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { type DocumentNode, toValue } from '../ir/document.ts';
import type { WorkspaceFile } from '../ir/manifest.ts';
import type { SourceFile } from '../ir/source.ts';
import { collapseViolations } from './collapse-violations.ts';
import { explainCause } from './explain-cause.ts';
import { interpolateDocument, type Unresolved } from './interpolate-document.ts';
import { missingVariable, wrongType } from './kinds.ts';
import { refusePrototypeKeys } from './refuse-prototype-keys.ts';
import { listWords, nodeWord, WORKSPACE_WORDS } from './vocabulary.ts';

/** What the compiler itself reads; the rest is the deployment's, whose variables may be absent while compiling. */
const NEEDED = /^\/(plugins(\/|$)|out$|gateway\/publicUrl$)/;

/**
 * Puts the environment into a plexica.yaml and holds the result against its JSON Schema. A value that keeps
 * a marker is not judged, except where the compiler needs it.
 */
export function validateWorkspaceFile(
  file: SourceFile,
  document: DocumentNode,
  environment: Environment,
): Outcome<WorkspaceFile | undefined> {
  const { root, unresolved } = interpolateDocument(document, environment);
  if (root.kind !== 'object') return { value: undefined, diagnostics: [notAMap(root)] };
  const value = toValue(root);
  const unjudged = new Set(unresolved.map(({ pointer }) => pointer));
  const violations = validateWorkspace(value).filter(
    ({ instancePath, params }) => !unjudged.has(instancePath) && params.additionalProperty !== '__proto__',
  );
  const diagnostics = [
    ...unresolved.filter(({ pointer }) => NEEDED.test(pointer)).map(lacksValue),
    ...refusePrototypeKeys(root),
    ...collapseViolations(violations).map((cause) => explainCause(root, cause, WORKSPACE_WORDS)),
  ];
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  // The schema accepts it but for markers in values that the compiler does not read.
  return { value: { file, root, value: value as Workspace }, diagnostics };
}

function lacksValue({ node, names }: Unresolved): Diagnostic {
  const variables = listWords(names, 'and');
  const one = names.length === 1;
  return diagnostic(missingVariable, {
    at: node.span,
    message: `the ${one ? 'variable' : 'variables'} ${variables} ${one ? 'has' : 'have'} no value and no default`,
    label: 'needed while compiling',
    help: `set ${one ? 'it' : 'them'} in the environment, or write a default: \${${names[0]}:-default}`,
  });
}

function notAMap(root: DocumentNode): Diagnostic {
  return diagnostic(wrongType, {
    at: root.span,
    message: `plexica.yaml must be a map, not ${nodeWord(root, WORKSPACE_WORDS)}`,
    help: 'write at least: plugins: ["plugins/*/plugin.json"]',
  });
}
