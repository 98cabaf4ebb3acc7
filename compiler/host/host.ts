/** The compiler's only way to disk and environment. Paths are absolute, in the platform's form. */
export interface Host {
  /** What relative paths in messages start from. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * The bytes of a regular file; of a large one no more than `most`, where it is given. Rejects with a
   * Node.js error (`ENOENT`, `EACCES`, `EISDIR` …).
   */
  readFile(path: string, most?: number): Promise<Uint8Array>;
  /** Files below a folder that match globs, absolute, sorted by code unit. */
  glob(folder: string, patterns: readonly string[]): Promise<readonly string[]>;
  /** The path with every symbolic link resolved. Rejects where nothing is there. */
  realPath(path: string): Promise<string>;
  /** All files below a folder, relative with `/`, sorted; none where the folder is absent. */
  listFiles(folder: string): Promise<readonly string[]>;
  /** Writes a file so that a reader sees the old or the new bytes, never a part. Makes its folder. */
  writeFileAtomic(path: string, text: string): Promise<void>;
  /** Removes a file, where it is there, and every folder that is left empty by it. */
  removeFile(path: string): Promise<void>;
}
