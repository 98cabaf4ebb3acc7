import { isWorkspace } from '@plexica/types';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { toValue } from '../ir/document.ts';
import type { Manifest, SchemaFile, WorkspaceFile } from '../ir/manifest.ts';
import type { Program } from '../ir/program.ts';
import type { SourceFile } from '../ir/source.ts';
import { linkProgram } from '../link/link-program.ts';
import { parseJson } from '../parse/parse-json.ts';
import { validateManifest } from '../validate/validate-manifest.ts';

/**
 * Files of a workspace by path, as objects or as source text. What ends in `plugin.json` is a manifest; any other
 * file is a schema file of the plugin in whose folder it lies.
 */
export type WorkspaceFiles = Readonly<Record<string, object | string>>;

export interface ProgramOptions {
  /** Takes the place of a plexica.yaml in which every plugin has an upstream. JSON, where it is text. */
  readonly workspace?: object | string;
  readonly brokenPlugins?: readonly string[];
}

/** Parses, validates and links a workspace. Throws where a file does not parse or breaks its schema. */
export function programOf(files: WorkspaceFiles, options: ProgramOptions = {}): Program {
  const manifests = Object.keys(files)
    .filter(isManifestPath)
    .map((path) => manifestOf(path, files));
  const workspace = options.workspace ?? {
    plugins: ['plugins/*/plugin.json'],
    upstreams: Object.fromEntries(
      manifests.map(({ value }) => [value.id, { urls: ['http://127.0.0.1:3000'] }]),
    ),
  };
  return linkProgram(workspaceOf(workspace), manifests, new Set(options.brokenPlugins));
}

function isManifestPath(path: string): boolean {
  return path === 'plugin.json' || path.endsWith('/plugin.json');
}

function manifestOf(path: string, files: WorkspaceFiles): Manifest {
  const file = sourceFile(path, files[path]);
  const root = parsed(file);
  const { value, diagnostics } = validateManifest(file, root, schemaFilesOf(path, files));
  assertClean(diagnostics);
  if (value === undefined) throw new TypeError(`${path} breaks its schema`);
  return value;
}

function schemaFilesOf(manifestPath: string, files: WorkspaceFiles): Map<string, SchemaFile> {
  const folder = manifestPath.slice(0, -'plugin.json'.length);
  const schemaFiles = new Map<string, SchemaFile>();
  for (const path of Object.keys(files)) {
    if (isManifestPath(path) || !path.startsWith(folder)) continue;
    const file = sourceFile(path, files[path]);
    schemaFiles.set(`./${path.slice(folder.length)}`, { file, root: parsed(file) });
  }
  return schemaFiles;
}

function workspaceOf(content: object | string): WorkspaceFile {
  const file = sourceFile('plexica.yaml', content);
  const root = parsed(file);
  const value = toValue(root);
  if (root.kind !== 'object' || !isWorkspace(value)) throw new TypeError('plexica.yaml breaks its schema');
  return { file, root, value };
}

function sourceFile(path: string, content: object | string | undefined): SourceFile {
  return { path, text: typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n` };
}

function parsed(file: SourceFile) {
  const { value, diagnostics } = parseJson(file);
  assertClean(diagnostics);
  if (value === undefined) throw new TypeError(`${file.path} does not parse`);
  return value;
}

function assertClean(diagnostics: readonly Diagnostic[]): void {
  const [first] = diagnostics;
  if (first !== undefined) throw new TypeError(`${first.at.file.path}: ${first.message}`);
}
