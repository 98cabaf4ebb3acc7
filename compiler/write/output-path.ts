import { join } from 'node:path';

/** A file to be written below the output folder. */
export interface OutputFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The file that lists all others with their digests. */
export const LISTING = '.files.json';

/**
 * Whether a path of an emitted or a listed file stays below the output folder on every platform: names of
 * letters, digits and `. _ -` without a leading `..`, separated by single slashes.
 */
export function isOutputPath(path: string): boolean {
  return path !== LISTING && path.split('/').every((name) => /^(?!\.{1,2}$)[\w.@-]+$/.test(name));
}

/** The absolute path of an emitted file. */
export function outputFile(outFolder: string, path: string): string {
  return join(outFolder, ...path.split('/'));
}
