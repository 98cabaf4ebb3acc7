import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { EmittedFile } from '../emit/emitter.ts';

/** Asserts that a folder holds exactly these files, byte for byte. `UPDATE_GOLDEN=1` writes them instead. */
export async function matchGolden(files: Iterable<EmittedFile>, folder: URL): Promise<void> {
  const paths: string[] = [];
  for (const { path, text } of files) {
    paths.push(path);
    await expect(text, path).toMatchFileSnapshot(fileURLToPath(new URL(path, folder)));
  }
  expect(filesIn(folder).filter((path) => !paths.includes(path))).toEqual([]);
}

function filesIn(folder: URL): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[a-z]+$/.test(path));
}
