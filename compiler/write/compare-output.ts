import { relative, sep } from 'node:path';
import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import type { Host } from '../host/host.ts';
import { mapConcurrently } from '../host/map-concurrently.ts';
import type { Span } from '../ir/source.ts';
import { staleOutput } from './kinds.ts';
import { digestOfText, listingOf, listingText, readListing } from './listing.ts';
import { LISTING, type OutputFile, outputFile } from './output-path.ts';

const HELP = 'run `plexica build` and commit what it writes';

/** Says how the output folder differs from these files. Writes nothing; `value` is how many files are current. */
export async function compareOutput(
  host: Host,
  outFolder: string,
  files: readonly OutputFile[],
): Promise<Outcome<number>> {
  const wanted = listingOf(files);
  const listing = { path: LISTING, text: listingText(wanted) };
  const before = await readListing(host, outFolder);
  const compared = await mapConcurrently(files, (file) => compareFile(host, outFolder, file));
  const differing = compared.filter((finding) => finding !== undefined);
  const current = files.length - differing.length;

  if (current === 0 && files.length > 0 && before.size === 0) {
    const at = emptySpan(host, outFolder);
    const message = `${at.file.path} has not been built`;
    return { value: 0, diagnostics: [diagnostic(staleOutput, { at, message, help: HELP })] };
  }
  const orphans = [...before].filter(([path]) => !wanted.has(path));
  const left = await mapConcurrently(orphans, ([path, digest]) => findOrphan(host, outFolder, path, digest));
  const findings = [...differing, ...left.filter((finding) => finding !== undefined)];
  if (findings.length > 0) return { value: current, diagnostics: findings };
  // The listing follows from the rest: alone it is worth a finding.
  const unlisted = await compareFile(host, outFolder, listing);
  return { value: current, diagnostics: unlisted === undefined ? [] : [unlisted] };
}

async function compareFile(
  host: Host,
  outFolder: string,
  { path, text }: OutputFile,
): Promise<Diagnostic | undefined> {
  const target = outputFile(outFolder, path);
  const found = await textOnDisk(host, target);
  if (found === text) return undefined;
  if (found === undefined) {
    const at = emptySpan(host, target);
    return diagnostic(staleOutput, { at, message: `${at.file.path} is missing`, help: HELP });
  }
  const at = firstDifference(emptySpan(host, target).file.path, found, text);
  return diagnostic(staleOutput, {
    at,
    message: `${at.file.path} is not what the manifests say`,
    label: 'differs from here on',
    ...(found.replaceAll('\r\n', '\n') === text && {
      notes: [
        'only the line ends differ: tell git to leave them alone with "* text=auto eol=lf" in .gitattributes',
      ],
    }),
    help: HELP,
  });
}

async function findOrphan(
  host: Host,
  outFolder: string,
  path: string,
  digest: string,
): Promise<Diagnostic | undefined> {
  const target = outputFile(outFolder, path);
  const found = await textOnDisk(host, target);
  if (found === undefined || digestOfText(found) !== digest) return undefined;
  const at = emptySpan(host, target);
  const message = `${at.file.path} comes from a manifest that no longer asks for it`;
  return diagnostic(staleOutput, { at, message, help: HELP });
}

async function textOnDisk(host: Host, path: string): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await host.readFile(path));
  } catch {
    return undefined;
  }
}

/** The first line of a file on disk that differs, from the character that does. */
function firstDifference(name: string, found: string, wanted: string): Span {
  let start = 0;
  while (start < found.length && found[start] === wanted[start]) start += 1;
  const lineEnd = found.indexOf('\n', start);
  const end = lineEnd === -1 ? found.length : lineEnd;
  return { file: { path: name, text: found }, start, end };
}

function emptySpan(host: Host, path: string): Span {
  const name = relative(host.workingFolder, path).replaceAll(sep, '/');
  return { file: { path: name, text: '' }, start: 0, end: 0 };
}
