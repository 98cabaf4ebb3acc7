import { closeSync, openSync, readSync } from 'node:fs';

const NEWLINE = 10;

/** How many lines there are by now in files that others write. What was read is not read again. */
export function createProgress(files: readonly string[]): () => number {
  const buffer = Buffer.alloc(1 << 20);
  const positions = new Map<string, number>();
  let lines = 0;
  return () => {
    for (const file of files) readOn(file);
    return lines;
  };

  function readOn(file: string): void {
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch {
      return; // nobody has begun it yet
    }
    try {
      for (;;) {
        const position = positions.get(file) ?? 0;
        const length = readSync(descriptor, buffer, 0, buffer.length, position);
        if (length === 0) return;
        positions.set(file, position + length);
        for (const byte of buffer.subarray(0, length)) if (byte === NEWLINE) lines += 1;
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
