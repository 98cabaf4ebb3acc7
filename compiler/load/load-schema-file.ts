import { dirname, resolve, sep } from 'node:path';
import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Host } from '../host/host.ts';
import type { Located } from '../ir/source.ts';
import { refOutsidePlugin, unreadableRef } from './kinds.ts';
import { type LoadedFile, loadFile, reasonOf, shownPath } from './loaded-file.ts';

const HELP =
  'write "./" and the path from the folder of plugin.json to a file in it, such as "./schemas/contact.json"';

/**
 * Reads the schema file that a `$ref` names, from the plugin's own folder: nothing outside it, not by `..`,
 * not by an absolute path and not through a symbolic link. `manifest` is the absolute path of plugin.json.
 */
export async function loadSchemaFile(
  host: Host,
  manifest: string,
  ref: Located<string>,
): Promise<Outcome<LoadedFile | undefined>> {
  const folder = dirname(manifest);
  const path = resolve(folder, ref.value);
  if (ref.value.includes('\\')) return refused(outside(ref, 'is written with a backslash, not with slashes'));
  if (!ref.value.startsWith('./') || !path.startsWith(`${folder}${sep}`)) {
    return refused(outside(ref, 'leads out of the folder of its plugin'));
  }
  if (ref.value.includes('#')) return refused(fragment(ref));
  try {
    const [real, realFolder] = await Promise.all([host.realPath(path), host.realPath(folder)]);
    if (!real.startsWith(`${realFolder}${sep}`)) {
      return refused(outside(ref, 'leads out of the folder of its plugin through a symbolic link'));
    }
    return { value: { ...(await loadFile(host, real)), name: shownPath(host, path) }, diagnostics: [] };
  } catch (error) {
    return refused(
      diagnostic(unreadableRef, {
        at: ref.span,
        message: `the schema file ${quote(ref.value)} cannot be read: ${reasonOf(error)}`,
        label: 'names no readable file',
        help: 'correct the path, which starts at the folder of plugin.json, or write the file',
      }),
    );
  }
}

function outside(ref: Located<string>, reason: string): Diagnostic {
  return diagnostic(refOutsidePlugin, {
    at: ref.span,
    message: `the schema file ${quote(ref.value)} ${reason}`,
    label: 'not a file of this plugin',
    help: HELP,
  });
}

function fragment(ref: Located<string>): Diagnostic {
  return diagnostic(unreadableRef, {
    at: ref.span,
    message: `${quote(ref.value)} names a part of a file`,
    label: 'a whole file is needed',
    help: 'put that part into a file of its own, or under "schemas" and write "#/schemas/Name"',
  });
}

function refused(finding: Diagnostic): Outcome<undefined> {
  return { value: undefined, diagnostics: [finding] };
}
