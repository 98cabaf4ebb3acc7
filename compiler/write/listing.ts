import { createHash } from 'node:crypto';
import type { Host } from '../host/host.ts';
import { isOutputPath, LISTING, type OutputFile, outputFile } from './output-path.ts';

/** sha256 digests by path: what the compiler wrote, so that it removes nothing else. */
export type Listing = ReadonlyMap<string, string>;

export function listingOf(files: readonly OutputFile[]): Listing {
  return new Map(files.map(({ path, text }) => [path, digestOfText(text)]));
}

/** Sorted by path. */
export function listingText(listing: Listing): string {
  const files = Object.fromEntries([...listing].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ about: 'Written by `plexica build`. Do not edit.', files }, null, 2)}\n`;
}

/** The listing of the build before; empty where there is none. Entries that no build can have made are left out. */
export async function readListing(host: Host, outFolder: string): Promise<Listing> {
  try {
    const bytes = await host.readFile(outputFile(outFolder, LISTING));
    const { files } = JSON.parse(new TextDecoder().decode(bytes));
    return new Map(
      Object.entries(files).filter(
        (entry): entry is [string, string] => isOutputPath(entry[0]) && typeof entry[1] === 'string',
      ),
    );
  } catch {
    return new Map();
  }
}

export function digestOfText(text: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
