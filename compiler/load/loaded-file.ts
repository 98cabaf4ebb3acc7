import { relative, sep } from 'node:path';
import type { Host } from '../host/host.ts';

/** Bytes more than any reader accepts need not be read. */
const MOST_BYTES = 2 * 1024 * 1024;

/** A file that was read. */
export interface LoadedFile {
  /** Absolute, in the platform's form. */
  readonly path: string;
  /** Relative to the working folder, with `/`: what messages show. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Reads a file. Rejects with a Node.js error. */
export async function loadFile(host: Host, path: string): Promise<LoadedFile> {
  return { path, name: shownPath(host, path), bytes: await host.readFile(path, MOST_BYTES) };
}

export function shownPath(host: Host, path: string): string {
  return relative(host.workingFolder, path).replaceAll(sep, '/');
}

/** Why a file cannot be read, in words: "it does not exist". */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code === '' ? 'it cannot be read' : `it cannot be read (${code})`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'its permissions forbid reading',
  EPERM: 'its permissions forbid reading',
  EISDIR: 'it is a folder',
  EINVAL: 'it is not a regular file',
  ENXIO: 'it is not a regular file',
  ELOOP: 'its symbolic links form a circle',
  ENAMETOOLONG: 'its name is too long',
};
