import { readdirSync, readFileSync } from 'node:fs';
import type { WorkspaceFiles } from './program-of.ts';

/** The manifests below a folder of the repository, for `programOf`; paths are relative to that folder. */
export function readWorkspace(folder: URL): WorkspaceFiles {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /^plugins\/[^/]+\/plugin\.json$/.test(path))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(new URL(path, folder), 'utf8')]));
}
