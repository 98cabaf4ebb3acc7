import { type Environment, validateWorkspace, type Workspace } from '@plexica/types';
import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { type DocumentNode, toValue } from '../ir/document.ts';
import type { WorkspaceFile } from '../ir/manifest.ts';
import type { SourceFile } from '../ir/source.ts';
import { type Cause, collapseViolations } from './collapse-violations.ts';
import { explainCause } from './explain-cause.ts';
import { interpolateDocument, type Unresolved } from './interpolate-document.ts';
import { missingVariable, wrongType } from './kinds.ts';
import { refusePrototypeKeys } from './refuse-prototype-keys.ts';
import { listWords, nodeWord, WORKSPACE_WORDS } from './vocabulary.ts';

/** What the compiler itself reads; the rest is the deployment's, whose variables may be absent while compiling. */
const NEEDED = /^\/(plugins(\/|$)|out$|gateway\/publicUrl$)/;

/** Without these sections, or the whole (''), there is nothing to go on with; the others are only the gateway's. */
const INDISPENSABLE = ['', 'plugins', 'upstreams'];

/**
 * Puts the environment into a plexica.yaml and holds the result against its JSON Schema. A value that keeps
 * a marker is not judged, except where the compiler needs it. A section that only
 * the gateway reads may be broken: it is left out of the value, and hides no other finding.
 */
export function validateWorkspaceFile(
  file: SourceFile,
  document: DocumentNode,
  environment: Environment,
): Outcome<WorkspaceFile | undefined> {
  const { root, unresolved } = interpolateDocument(document, environment);
  if (root.kind !== 'object') return { value: undefined, diagnostics: [notAMap(root)] };
  const value = toValue(root) as object; // the root is an object node
  const unjudged = new Set(unresolved.map(({ pointer }) => pointer));
  const violations = validateWorkspace(value).filter(
    ({ instancePath, params }) => !unjudged.has(instancePath) && params.additionalProperty !== '__proto__',
  );
  const needed = unresolved.filter(({ pointer }) => NEEDED.test(pointer));
  const causes = collapseViolations(violations);
  const diagnostics = [
    ...needed.map(lacksValue),
    ...refusePrototypeKeys(root),
    ...causes.map((cause) => explainCause(root, cause, { ...WORKSPACE_WORDS, document: fileName(file) })),
  ];
  const broken = new Set([
    ...needed.map(({ pointer }) => sectionOf(pointer)),
    ...causes.flatMap(brokenSection),
  ]);
  if (INDISPENSABLE.some((section) => broken.has(section))) return { value: undefined, diagnostics };
  const sound = Object.fromEntries(Object.entries(value).filter(([section]) => !broken.has(section)));
  // The schema accepts what is left, but for unknown keys and for markers in values that the compiler does not read.
  return { value: { file, root, value: sound as Workspace }, diagnostics };
}

/** The key of the outermost map that a pointer leads below; empty for the whole. */
function sectionOf(pointer: string): string {
  return pointer.split('/')[1] ?? '';
}

/** The section that a violation makes unreadable; none for a key that nobody reads. */
function brokenSection({ violation, meant }: Cause): readonly string[] {
  const ignorable = violation.keyword === 'additionalProperties' && meant === undefined;
  return ignorable ? [] : [sectionOf(violation.instancePath)];
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
    message: `${fileName(root.span.file)} must be a map, not ${nodeWord(root, WORKSPACE_WORDS)}`,
    help: 'write at least: plugins: ["plugins/*/plugin.json"]',
  });
}

function fileName({ path }: SourceFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
