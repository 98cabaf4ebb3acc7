import { type FileHandle, open } from 'node:fs/promises';

/** Makes what SQLite has committed survive the loss of power, without stopping this process for the disk. */
export interface LogFlusher {
  /** Resolves once everything that was committed before this call is on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * SQLite commits to its write-ahead log. It would wait for the disk itself (`synchronous = FULL`), and everything else in
 * this process with it; so it is told not to, and the log is flushed here, by a thread of Node's own. What a checkpoint
 * takes out of the log is flushed by SQLite before.
 *
 * @param file of the database; it must be open in this process, so that its log is not replaced meanwhile
 */
export function createLogFlusher(file: string): LogFlusher {
  let opening: Promise<FileHandle> | undefined;
  return {
    async flush() {
      opening ??= open(`${file}-wal`, 'r+');
      await (await opening).datasync();
    },
    async close() {
      const handle = await opening?.catch(() => undefined);
      await handle?.close();
    },
  };
}
