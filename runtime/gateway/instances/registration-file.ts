import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readBaseUrl } from '../api/registration/base-url.ts';

/** What `registrations.json` says of one instance. */
export interface StoredRegistration {
  readonly pluginId: string;
  readonly baseUrl: string;
}

/** Of this file alone; another number means another layout. */
const FORMAT = 1;
/** A draft that is this old, in milliseconds, belongs to a process that was killed while it wrote. */
const ABANDONED = 60_000;

/**
 * Reads the file; one that is not there holds nothing.
 *
 * @throws Error that says in words why the file cannot be used
 */
export async function readRegistrations(file: string): Promise<readonly StoredRegistration[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
  return parse(text);
}

/** The file is there whole, old or new, whenever the process ends: it is written beside its place, and put there. */
export async function writeRegistrations(
  file: string,
  registrations: readonly StoredRegistration[],
): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ format: FORMAT, registrations }, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Moves a file out of the way that cannot be used, and tells where to; undefined where that is not possible. */
export async function setAside(file: string): Promise<string | undefined> {
  const aside = `${file}.set-aside`;
  return await rename(file, aside).then(
    () => basename(aside),
    () => undefined,
  );
}

/** Removes what a killed process left. Never rejects. */
export async function removeDrafts(file: string, now: number): Promise<void> {
  const names = await readdir(dirname(file)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(`${basename(file)}.`) || !name.endsWith('.draft')) continue;
    const draft = join(dirname(file), name);
    const age = await stat(draft).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED) await rm(draft, { force: true }).catch(() => undefined);
  }
}

function parse(text: string): readonly StoredRegistration[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  if (!isRecord(value) || !Array.isArray(value.registrations)) throw new Error('it holds no registrations');
  if (value.format !== FORMAT) throw new Error(`its format is not ${FORMAT}, but another version's`);
  return value.registrations.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry.pluginId !== 'string' || typeof entry.baseUrl !== 'string') {
      throw new Error('an entry has no plugin or no base URL');
    }
    const { pluginId, baseUrl } = entry;
    if (!readBaseUrl(baseUrl).ok) throw new Error(`the base URL of an instance of ${pluginId} is none`);
    return { pluginId, baseUrl };
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
