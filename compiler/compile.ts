/** The compiler: plugin manifests and plexica.yaml in; clients, OpenAPI documents and a route table out. */
import { dirname, resolve } from 'node:path';
import { checkProgram } from './check/check-program.ts';
import { type Diagnostic, type Outcome, sortDiagnostics } from './diagnostics/diagnostic.ts';
import { limitFindings } from './diagnostics/limit-findings.ts';
import { countSeverity } from './diagnostics/summary.ts';
import { emitAsyncApi } from './emit/asyncapi/emit-asyncapi.ts';
import { emitClients } from './emit/clients/emit-clients.ts';
import type { EmittedFile, Emitter } from './emit/emitter.ts';
import { emitEvents } from './emit/events/emit-events.ts';
import { emitGraph } from './emit/graph/emit-graph.ts';
import { emitNavigation } from './emit/navigation/emit-navigation.ts';
import { emitOpenApi } from './emit/openapi/emit-openapi.ts';
import { emitPlugins } from './emit/plugins/emit-plugins.ts';
import { emitRoutes } from './emit/routes/emit-routes.ts';
import { emitTopics } from './emit/topics/emit-topics.ts';
import { emitValidation } from './emit/validation/emit-validation.ts';
import type { Host } from './host/host.ts';
import { mapConcurrently } from './host/map-concurrently.ts';
import type { DocumentNode } from './ir/document.ts';
import type { Manifest, SchemaFile, WorkspaceFile } from './ir/manifest.ts';
import type { Program } from './ir/program.ts';
import { linkProgram } from './link/link-program.ts';
import { findFileRefs } from './load/find-file-refs.ts';
import { loadManifests } from './load/load-manifests.ts';
import { loadSchemaFile } from './load/load-schema-file.ts';
import { loadWorkspaceFile } from './load/load-workspace-file.ts';
import type { LoadedFile } from './load/loaded-file.ts';
import { decodeText } from './parse/decode-text.ts';
import { parseJson } from './parse/parse-json.ts';
import { parseYaml } from './parse/parse-yaml.ts';
import { readableId } from './parse/readable-id.ts';
import { validateManifest } from './validate/validate-manifest.ts';
import { validateWorkspaceFile } from './validate/validate-workspace-file.ts';

export { diskHost } from './host/disk-host.ts';
export type { Diagnostic, EmittedFile, Host, Program, WorkspaceFile };

/** Every target, in no particular order: each writes files of its own. */
const EMITTERS: readonly Emitter[] = [
  emitRoutes,
  emitValidation,
  emitEvents,
  emitAsyncApi,
  emitTopics,
  emitOpenApi,
  emitClients,
  emitPlugins,
  emitNavigation,
  emitGraph,
];

export interface CompileOptions {
  /** The path of plexica.yaml; the one in the working folder unless stated. */
  readonly config?: string;
  /** `false` leaves `files` empty, for a caller that wants only the findings or the program. */
  readonly emit?: boolean;
}

export interface Compilation {
  /** Sorted; of a file with very many, the first. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many manifests the globs match, the broken ones too. */
  readonly plugins: number;
  /** Undefined where plexica.yaml is broken. */
  readonly program: Program | undefined;
  /** Where the output belongs, absolute. Undefined where plexica.yaml is broken. */
  readonly outFolder: string | undefined;
  /** In the order of their paths; none where there are errors: it is all of the output or nothing. */
  readonly files: readonly EmittedFile[];
}

/** Compiles a workspace. Writes nothing. Every mistake of the user's is a diagnostic; a rejection is our bug. */
export async function compile(host: Host, options: CompileOptions = {}): Promise<Compilation> {
  const found: Diagnostic[] = [];
  const take = <T>({ value, diagnostics }: Outcome<T>): T => {
    for (const finding of diagnostics) found.push(finding);
    return value;
  };

  const config = take(await loadWorkspaceFile(host, options.config));
  const workspace = config && take(readWorkspace(host, config));
  if (config === undefined || workspace === undefined) {
    return {
      diagnostics: limitFindings(sortDiagnostics(found)),
      plugins: 0,
      program: undefined,
      outFolder: undefined,
      files: [],
    };
  }

  const folder = dirname(config.path);
  const loaded = take(await loadManifests(host, folder, workspace));
  const read = await mapConcurrently(loaded.files, async (file) => take(await readManifest(host, file)));
  const manifests = read.map(({ manifest }) => manifest).filter((manifest) => manifest !== undefined);
  const broken = read.filter(({ manifest }) => manifest === undefined).map(({ id }) => id);

  const program = linkProgram(workspace, manifests, new Set(broken.filter((id) => id !== undefined)));
  // Without a manifest every name in plexica.yaml would seem unknown: one cause, told already.
  if (loaded.found > 0) take({ value: undefined, diagnostics: checkProgram(program) });

  return {
    diagnostics: limitFindings(sortDiagnostics(found)),
    plugins: loaded.found,
    program,
    outFolder: resolve(folder, workspace.value.out ?? 'generated'),
    files: options.emit === false || countSeverity(found, 'error') > 0 ? [] : emit(program),
  };
}

function readWorkspace(host: Host, config: LoadedFile): Outcome<WorkspaceFile | undefined> {
  const text = decodeText(config.name, config.bytes);
  const document = text.value && parseYaml(text.value);
  const workspace =
    text.value && document?.value && validateWorkspaceFile(text.value, document.value, host.environment);
  return { value: workspace?.value, diagnostics: diagnosticsOf(text, document, workspace) };
}

interface ReadManifest {
  /** Undefined where it is too broken for the later phases. */
  readonly manifest: Manifest | undefined;
  /** Of a broken manifest, where it can still be read. */
  readonly id: string | undefined;
}

async function readManifest(host: Host, loaded: LoadedFile): Promise<Outcome<ReadManifest>> {
  const text = decodeText(loaded.name, loaded.bytes);
  const document = text.value && parseJson(text.value);
  const schemaFiles = document?.value && (await readSchemaFiles(host, loaded, document.value));
  const manifest =
    text.value &&
    document?.value &&
    validateManifest(text.value, document.value, schemaFiles?.value ?? new Map());
  return {
    value: {
      manifest: manifest?.value,
      id: manifest?.value === undefined && text.value ? readableId(text.value) : undefined,
    },
    diagnostics: diagnosticsOf(text, document, schemaFiles, manifest),
  };
}

/** Reads the schema files that a manifest names, and those that they name, each once. */
async function readSchemaFiles(
  host: Host,
  manifest: LoadedFile,
  root: DocumentNode,
): Promise<Outcome<ReadonlyMap<string, SchemaFile>>> {
  const files = new Map<string, SchemaFile>();
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const waiting = [...findFileRefs(root)];
  for (let ref = waiting.shift(); ref !== undefined; ref = waiting.shift()) {
    if (seen.has(ref.value)) continue;
    seen.add(ref.value);
    const loaded = await loadSchemaFile(host, manifest.path, ref);
    const text = loaded.value && decodeText(loaded.value.name, loaded.value.bytes);
    const document = text?.value && parseJson(text.value);
    for (const finding of diagnosticsOf(loaded, text, document)) diagnostics.push(finding);
    if (text?.value === undefined || document?.value === undefined) continue;
    files.set(ref.value, { file: text.value, root: document.value });
    for (const inner of findFileRefs(document.value)) waiting.push(inner);
  }
  return { value: files, diagnostics };
}

function emit(program: Program): readonly EmittedFile[] {
  return EMITTERS.flatMap((emitter) => [...emitter(program)]).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function diagnosticsOf(...outcomes: readonly (Outcome<unknown> | undefined)[]): readonly Diagnostic[] {
  return outcomes.flatMap((outcome) => outcome?.diagnostics ?? []);
}
