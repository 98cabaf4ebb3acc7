import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SetupError } from '../errors.ts';
import { withLock } from './file-lock.ts';

/** A key as the gateway's key file, a JWK set, holds it: the first one signs, the newest stand first. */
export interface StoredKey {
  readonly kid: string;
  /** For HS256. */
  readonly secret: KeyObject;
  /** Milliseconds since 1970, of the JWK's `iat`; undefined where the file does not say. */
  readonly madeAt: number | undefined;
}

/** As long as the hash of HS256 (RFC 7518, 3.2). */
const KEY_BYTES = 32;

/** @param now milliseconds since 1970 */
export function newKey(now: number): StoredKey {
  return { kid: randomUUID(), secret: createSecretKey(randomBytes(KEY_BYTES)), madeAt: now };
}

/**
 * Undefined where there is no such file.
 *
 * @throws SetupError for a file that cannot be read, or does not hold keys
 */
export async function readKeyFile(file: string): Promise<readonly StoredKey[] | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined;
    throw new SetupError(`the gateway's keys ${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return parseKeys(text, file);
}

/**
 * Makes the file with one key, unless somebody else makes it at the same time: then it holds theirs.
 *
 * @throws SetupError
 */
export async function createKeyFile(file: string): Promise<readonly StoredKey[]> {
  const draft = draftOf(file);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeDraft(draft, [newKey(Date.now())]);
    // The file appears whole or not at all: it is written beside its place, and linked into it unless one is there.
    try {
      await link(draft, file);
    } catch (cause) {
      if (!isCode(cause, 'EEXIST')) throw cause;
    } finally {
      await unlink(draft);
    }
  } catch (cause) {
    throw new SetupError(
      `the gateway's keys cannot be made at ${file}: ${messageOf(cause)}; ` +
        'make the folder writable, or name another file in gateway.keys of plexica.yaml',
      { cause },
    );
  }
  return (await readKeyFile(file)) ?? [];
}

/**
 * Puts other keys in the place of those of the file, as one step: readers see the ones or the others. Of two who
 * change it at once, one waits for the other.
 *
 * @throws SetupError where there is no such file, or it cannot be changed; and what `change` throws
 */
export async function changeKeyFile(
  file: string,
  change: (keys: readonly StoredKey[]) => readonly StoredKey[],
): Promise<void> {
  // A link keeps pointing at where the keys are.
  const place = await realpath(file).catch((cause: unknown) => {
    if (isCode(cause, 'ENOENT')) throw noKeys(file);
    return file;
  });
  await withLock(`${place}.lock`, async () => {
    const keys = await readKeyFile(place);
    if (keys === undefined) throw noKeys(file);
    const changed = change(keys);
    const draft = draftOf(place);
    try {
      const { uid, gid } = await stat(place);
      await writeDraft(draft, changed, { uid, gid });
      await rename(draft, place);
    } catch (cause) {
      await unlink(draft).catch(() => undefined);
      throw new SetupError(`the gateway's keys ${file} cannot be changed: ${messageOf(cause)}`, { cause });
    }
  });
}

/** The keys of a workspace whose gateway has never started. */
export function noKeys(file: string): SetupError {
  return new SetupError(
    `there are no keys at ${file} yet: the gateway makes them when it starts for the first time; ` +
      'gateway.keys of plexica.yaml says where they are',
  );
}

export function unusableKeys(file: string, why: string): SetupError {
  return new SetupError(
    `${file} does not hold the gateway's keys: ${why}; ` +
      'remove the file and a new one is made: tokens signed until now end with it',
  );
}

function draftOf(file: string): string {
  return `${file}.${randomUUID()}`;
}

/** @param owner keeps the file readable for the gateway when an administrator changes it */
async function writeDraft(
  draft: string,
  keys: readonly StoredKey[],
  owner?: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const handle = await open(draft, 'wx', 0o600);
  try {
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
    await handle.writeFile(`${JSON.stringify({ keys: keys.map(jwkOf) }, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function jwkOf({ kid, secret, madeAt }: StoredKey) {
  const iat = madeAt === undefined ? {} : { iat: Math.floor(madeAt / 1000) };
  return { kty: 'oct', kid, alg: 'HS256', use: 'sig', ...iat, k: secret.export().toString('base64url') };
}

function parseKeys(text: string, file: string): readonly StoredKey[] {
  const keys = jwksOf(text, file).map((jwk) => storedKeyOf(jwk, file));
  if (keys.length === 0) throw unusableKeys(file, 'it holds no key');
  const seen = new Set<string>();
  for (const { kid } of keys) {
    if (seen.has(kid)) throw unusableKeys(file, `two keys have the kid "${kid}"`);
    seen.add(kid);
  }
  return keys;
}

function jwksOf(text: string, file: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusableKeys(file, 'it is not JSON');
  }
  const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
  if (!Array.isArray(keys)) throw unusableKeys(file, 'it has no "keys"');
  return keys;
}

function storedKeyOf(jwk: unknown, file: string): StoredKey {
  // Members are read by name, and each is checked.
  const { kty, kid, k, alg, iat } =
    typeof jwk === 'object' && jwk !== null ? (jwk as Record<string, unknown>) : {};
  if (kty !== 'oct' || typeof k !== 'string' || (alg !== undefined && alg !== 'HS256')) {
    throw unusableKeys(file, 'a key is not a symmetric one for HS256 ("kty": "oct")');
  }
  if (typeof kid !== 'string' || kid === '') throw unusableKeys(file, 'a key has no "kid"');
  if (iat !== undefined && !isTime(iat)) {
    throw unusableKeys(file, `the "iat" of the key "${kid}" is not a time in seconds`);
  }
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length < KEY_BYTES) {
    throw unusableKeys(file, `the key "${kid}" is shorter than ${KEY_BYTES} bytes`);
  }
  return { kid, secret: createSecretKey(bytes), madeAt: iat === undefined ? undefined : iat * 1000 };
}

/** Seconds that a date can hold. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e12;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
