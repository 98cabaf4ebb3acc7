import { resolve } from 'node:path';
import { diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import type { Host } from '../host/host.ts';
import { noWorkspaceFile, unreadableFile } from './kinds.ts';
import { type LoadedFile, loadFile, reasonOf, shownPath } from './loaded-file.ts';

/** Reads the file that `--config` names, or `plexica.yaml` in the working folder. */
export async function loadWorkspaceFile(
  host: Host,
  config: string | undefined,
): Promise<Outcome<LoadedFile | undefined>> {
  const path = resolve(host.workingFolder, config ?? 'plexica.yaml');
  try {
    return { value: await loadFile(host, path), diagnostics: [] };
  } catch (error) {
    const name = shownPath(host, path);
    const at = { file: { path: name, text: '' }, start: 0, end: 0 };
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const finding = absent
      ? {
          at,
          message:
            config === undefined ? 'there is no plexica.yaml in this folder' : `${name} does not exist`,
          help: 'go to the folder that has a plexica.yaml, name one with --config FILE, or write one: plugins: ["plugins/*/plugin.json"]',
        }
      : {
          at,
          message: `${name} cannot be read: ${reasonOf(error)}`,
          help: 'make it a file that you may read',
        };
    return {
      value: undefined,
      diagnostics: [diagnostic(absent ? noWorkspaceFile : unreadableFile, finding)],
    };
  }
}
