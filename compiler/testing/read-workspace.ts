import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { WorkspaceFiles } from './program-of.ts';

/** The manifests `plugins/<folder>/plugin.json` below a folder of the repository, for `programOf`. */
export function readWorkspace(folder: URL): WorkspaceFiles {
  const paths = readdirSync(new URL('plugins/', folder))
    .map((name) => `plugins/${name}/plugin.json`)
    .filter((path) => existsSync(new URL(path, folder)))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(new URL(path, folder), 'utf8')]));
}
