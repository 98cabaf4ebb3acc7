import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../errors.ts';
import type { PreparedTable } from '../table/prepared-table.ts';

/** The compiled OpenAPI documents, as they will be sent. */
export interface Documents {
  readonly merged: Document | undefined;
  /** By plugin id, in the table's order; those that were compiled. */
  readonly plugins: ReadonlyMap<string, PluginDocument>;
}

export interface Document {
  readonly bytes: Buffer;
  readonly etag: string;
}

export interface PluginDocument extends Document {
  /** The plugin's name, for people. */
  readonly name: string;
}

/**
 * Reads the documents that `plexica build` wrote. The gateway serves without them, too.
 *
 * @param out the folder that `plexica build` writes
 * @throws SetupError for a document that is there and cannot be read
 */
export async function loadDocuments(out: string, table: PreparedTable): Promise<Documents> {
  const folder = join(out, 'openapi');
  const merged = await readDocument(join(folder, 'gateway.json'));
  const plugins = new Map<string, PluginDocument>();
  for (const { id, plugin } of table.plugins.values()) {
    const document = await readDocument(join(folder, `${id}.json`));
    if (document !== undefined) plugins.set(id, { ...document, name: plugin.name });
  }
  return { merged, plugins };
}

async function readDocument(file: string): Promise<Document | undefined> {
  try {
    const bytes = await readFile(file);
    return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`the OpenAPI document ${file} cannot be read: ${why}`, { cause });
  }
}
