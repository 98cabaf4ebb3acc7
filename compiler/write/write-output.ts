import { dirname, relative, sep } from 'node:path';
import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import type { Host } from '../host/host.ts';
import { mapConcurrently } from '../host/map-concurrently.ts';
import { unwritableOutput } from './kinds.ts';
import { digestOfText, listingOf, listingText, readListing } from './listing.ts';
import { isOutputPath, LISTING, type OutputFile, outputFile } from './output-path.ts';

export interface WriteResult {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/**
 * Makes the output folder hold these files. A file that is right already is not touched; one of an earlier
 * build that is no longer wanted is removed, unless somebody has changed it since. The listing comes last, so
 * that a build that fails half-way knows all its files the next time. Throws for a path that no emitter may make.
 */
export async function writeOutput(
  host: Host,
  outFolder: string,
  files: readonly OutputFile[],
): Promise<Outcome<WriteResult>> {
  assertPaths(files);
  const before = await readListing(host, outFolder);
  const leak = await findLeak(host, outFolder, [...files.map(({ path }) => path), ...before.keys()]);
  if (leak !== undefined) return { value: NOTHING, diagnostics: [leak] };

  const results = await mapConcurrently(files, (file) => writeFile(host, outFolder, file));
  const failures = results.filter((result) => typeof result !== 'string');
  const written = results.filter((result) => result === 'written').length;
  const unchanged = results.length - written - failures.length;
  if (failures.length > 0) return { value: { written, unchanged, removed: 0 }, diagnostics: failures };

  const wanted = listingOf(files);
  const orphans = [...before].filter(([path]) => !wanted.has(path));
  const removals = await mapConcurrently(orphans, ([path, digest]) =>
    removeOrphan(host, outFolder, path, digest),
  );
  const listed = await writeFile(host, outFolder, { path: LISTING, text: listingText(wanted) });
  const diagnostics = [...removals, listed].filter((result) => typeof result === 'object');
  return {
    value: { written, unchanged, removed: removals.filter((result) => result === 'removed').length },
    diagnostics,
  };
}

const NOTHING: WriteResult = { written: 0, unchanged: 0, removed: 0 };

/** An emitter's path is made of checked names; anything else must never reach a disk. */
function assertPaths(files: readonly OutputFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    const folded = path.toLowerCase();
    if (!isOutputPath(path)) throw new Error(`an emitter made the path ${JSON.stringify(path)}`);
    if (seen.has(folded)) throw new Error(`two emitters made the path ${JSON.stringify(path)}`);
    seen.add(folded);
  }
}

/** A folder below the output folder that is a link to somewhere else would carry files out of it. */
async function findLeak(
  host: Host,
  outFolder: string,
  paths: readonly string[],
): Promise<Diagnostic | undefined> {
  const realRoot = await realPathOf(host, outFolder);
  if (realRoot === undefined) return undefined;
  const folders = new Set(paths.map((path) => dirname(outputFile(outFolder, path))));
  for (const folder of [...folders].sort()) {
    const real = await realPathOf(host, folder);
    if (real === undefined || real === realRoot || real.startsWith(`${realRoot}${sep}`)) continue;
    return diagnostic(unwritableOutput, {
      at: placeOf(host, folder),
      message: `${placeOf(host, folder).file.path} is a symbolic link that leads out of the output folder`,
      help: 'remove the link',
    });
  }
  return undefined;
}

async function realPathOf(host: Host, path: string): Promise<string | undefined> {
  try {
    return await host.realPath(path);
  } catch {
    return undefined;
  }
}

async function writeFile(
  host: Host,
  outFolder: string,
  { path, text }: OutputFile,
): Promise<'written' | 'unchanged' | Diagnostic> {
  const target = outputFile(outFolder, path);
  try {
    if ((await digestOnDisk(host, target)) === digestOfText(text)) return 'unchanged';
    await host.writeFileAtomic(target, text);
    return 'written';
  } catch (error) {
    return failure(host, target, 'written', error);
  }
}

async function removeOrphan(
  host: Host,
  outFolder: string,
  path: string,
  digest: string,
): Promise<'removed' | 'kept' | Diagnostic> {
  const target = outputFile(outFolder, path);
  if ((await digestOnDisk(host, target)) !== digest) return 'kept';
  try {
    await host.removeFile(target);
    return 'removed';
  } catch (error) {
    return failure(host, target, 'removed', error);
  }
}

/** Undefined where no readable file is. */
async function digestOnDisk(host: Host, path: string): Promise<string | undefined> {
  try {
    return digestOfText(await host.readFile(path));
  } catch {
    return undefined;
  }
}

function failure(host: Host, path: string, what: string, error: unknown): Diagnostic {
  const at = placeOf(host, path);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const [reason, help] = REASONS[code] ?? [`the system says ${code}`, 'see to it, then build again'];
  return diagnostic(unwritableOutput, { at, message: `${at.file.path} cannot be ${what}: ${reason}`, help });
}

const REASONS: Readonly<Record<string, readonly [reason: string, help: string]>> = {
  EACCES: ['its folder forbids it', 'allow writing to the folder, or name another one in "out"'],
  EPERM: ['its folder forbids it', 'allow writing to the folder, or name another one in "out"'],
  EROFS: ['the disk is read-only', 'name a folder on another disk in "out"'],
  EISDIR: ['a folder of that name is in its place', 'move the folder away'],
  ENOTDIR: ['a file is in the place of its folder', 'move that file away, or name another folder in "out"'],
  EEXIST: ['a file is in the place of its folder', 'move that file away, or name another folder in "out"'],
  ENOSPC: ['the disk is full', 'make room'],
};

function placeOf(host: Host, path: string) {
  const name = relative(host.workingFolder, path).replaceAll(sep, '/');
  return { file: { path: name, text: '' }, start: 0, end: 0 };
}
