import { posix } from 'node:path';
import type { Host } from '../host/host.ts';

export interface MemoryHost extends Host {
  /** Everything that is there, by absolute path; tests may look and change. */
  readonly files: Map<string, string | Uint8Array>;
}

export interface MemoryHostOptions {
  /** Relative to the working folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Symbolic links: a path and the one that it stands for, both relative to the working folder. */
  readonly links?: Readonly<Record<string, string>>;
  readonly environment?: Host['environment'];
}

const WORKING_FOLDER = '/workspace';

/** A host whose disk is a map, for tests that have no need of a real one. */
export function memoryHost({ files = {}, links = {}, environment = {} }: MemoryHostOptions = {}): MemoryHost {
  const absolute = (path: string) => posix.resolve(WORKING_FOLDER, path);
  const disk = new Map(Object.entries(files).map(([path, content]) => [absolute(path), content] as const));
  const targets = new Map(Object.entries(links).map(([path, to]) => [absolute(path), absolute(to)] as const));
  const resolve = (path: string) => targets.get(path) ?? path;
  const folderOf = (path: string) => [...disk.keys()].some((file) => file.startsWith(`${path}/`));

  return {
    workingFolder: WORKING_FOLDER,
    environment,
    files: disk,
    async readFile(path, most = Number.POSITIVE_INFINITY) {
      const content = disk.get(resolve(path));
      if (content === undefined) throw fileError(folderOf(path) ? 'EISDIR' : 'ENOENT', path);
      return (typeof content === 'string' ? new TextEncoder().encode(content) : content).subarray(0, most);
    },
    async glob(folder, patterns) {
      const expressions = patterns.map(globExpression);
      return [...disk.keys()]
        .filter((path) => expressions.some((expression) => expression.test(posix.relative(folder, path))))
        .sort();
    },
    async realPath(path) {
      const real = resolve(path);
      if (!disk.has(real) && !folderOf(real)) throw fileError('ENOENT', path);
      return real;
    },
    async listFiles(folder) {
      return [...disk.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => posix.relative(folder, path))
        .sort();
    },
    async writeFileAtomic(path, text) {
      if (folderOf(path)) throw fileError('EISDIR', path);
      disk.set(path, text);
    },
    async removeFile(path) {
      disk.delete(path);
    },
  };
}

function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*|[.+?^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    return part === '*' ? '[^/]*' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
