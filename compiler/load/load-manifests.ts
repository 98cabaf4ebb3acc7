import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Host } from '../host/host.ts';
import { mapConcurrently } from '../host/map-concurrently.ts';
import { spanAt } from '../ir/document.ts';
import type { WorkspaceFile } from '../ir/manifest.ts';
import { noManifest, unmatchedGlob, unreadableFile } from './kinds.ts';
import { type LoadedFile, loadFile, reasonOf, shownPath } from './loaded-file.ts';

export interface LoadedManifests {
  /** In the order of their paths. */
  readonly files: readonly LoadedFile[];
  /** Matched by the globs, readable or not. */
  readonly found: number;
}

/** Reads every manifest that the globs of plexica.yaml match. `folder` is the one that plexica.yaml stands in. */
export async function loadManifests(
  host: Host,
  folder: string,
  workspace: WorkspaceFile,
): Promise<Outcome<LoadedManifests>> {
  const diagnostics: Diagnostic[] = [];
  const paths = await matchGlobs(host, folder, workspace, diagnostics);
  const loaded = await mapConcurrently(paths, async (path) => {
    try {
      return await loadFile(host, path);
    } catch (error) {
      const name = shownPath(host, path);
      diagnostics.push(
        diagnostic(unreadableFile, {
          at: { file: { path: name, text: '' }, start: 0, end: 0 },
          message: `${name} cannot be read: ${reasonOf(error)}`,
          help: 'make it a file that you may read, or leave it out of the globs in plexica.yaml',
        }),
      );
      return undefined;
    }
  });
  return { value: { files: loaded.filter((file) => file !== undefined), found: paths.length }, diagnostics };
}

async function matchGlobs(
  host: Host,
  folder: string,
  { root, value }: WorkspaceFile,
  diagnostics: Diagnostic[],
): Promise<readonly string[]> {
  const excluded = value.plugins.filter((glob) => glob.startsWith('!'));
  const paths = new Set<string>();
  const unmatched: Diagnostic[] = [];
  for (const [index, glob] of value.plugins.entries()) {
    if (glob.startsWith('!')) continue;
    const matches = await host.glob(folder, [glob, ...excluded]);
    for (const path of matches) paths.add(path);
    if (matches.length > 0) continue;
    unmatched.push(
      diagnostic(unmatchedGlob, {
        at: spanAt(root, ['plugins', index]),
        message: `${quote(glob)} matches no file`,
        label: 'no match',
        help: 'correct it, or remove it; globs start at the folder of plexica.yaml',
      }),
    );
  }
  if (paths.size > 0) diagnostics.push(...unmatched);
  else diagnostics.push(nothingMatched(root));
  return [...paths].sort();
}

function nothingMatched(root: WorkspaceFile['root']): Diagnostic {
  return diagnostic(noManifest, {
    at: spanAt(root, ['plugins']),
    message: 'no manifest is found',
    label: 'matches no file',
    help: 'name your plugin.json files, for example ["plugins/*/plugin.json"]; globs start at the folder of plexica.yaml',
  });
}
