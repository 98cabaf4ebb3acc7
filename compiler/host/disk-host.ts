import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import type { Host } from './host.ts';

/** The real disk. The working folder is absolute. */
export function diskHost(workingFolder: string, environment: Host['environment']): Host {
  return {
    workingFolder,
    environment,
    readFile: readRegularFile,
    glob: findFiles,
    realPath: (path) => realpath(path),
    listFiles,
    writeFileAtomic,
    removeFile,
  };
}

/** Opens without blocking, so that a pipe or a device is refused instead of waited for. */
async function readRegularFile(path: string, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      const code = stats.isDirectory() ? 'EISDIR' : 'EINVAL';
      throw Object.assign(new Error(`${path} is not a regular file`), { code });
    }
    if (stats.size <= most) return await file.readFile();
    const start = new Uint8Array(most);
    const { bytesRead } = await file.read(start, 0, most, 0);
    return start.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function findFiles(folder: string, patterns: readonly string[]): Promise<readonly string[]> {
  const found = await glob(patterns, {
    cwd: folder,
    absolute: true,
    expandDirectories: false,
    ignore: ['**/node_modules/**'],
  });
  return found.map((path) => path.replaceAll('/', sep)).sort();
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Writes beside the target, then renames: a rename replaces a file in one step. */
async function writeFileAtomic(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    // It is not empty, or is not ours to remove: either way this is the end.
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
