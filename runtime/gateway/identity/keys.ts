import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SetupError } from '../errors.ts';

/** With what the gateway signs plugin tokens and tenant contexts, and knows its own again. */
export interface SigningKeys {
  /** The first of the file: the one that signs. */
  readonly current: SigningKey;
  /** By `kid`; older ones stay until what they signed has expired. */
  readonly byId: ReadonlyMap<string, KeyObject>;
}

export interface SigningKey {
  readonly kid: string;
  /** For HS256. */
  readonly secret: KeyObject;
}

/** As long as the hash of HS256 (RFC 7518, 3.2). */
const KEY_BYTES = 32;

/**
 * Reads the gateway's keys, a JWK set of symmetric keys, and makes the file on first use. Two processes that start at
 * once get the same keys.
 *
 * @throws SetupError
 */
export async function loadSigningKeys(file: string): Promise<SigningKeys> {
  const present = await readIfPresent(file);
  return parseKeys(present ?? (await createKeys(file)), file);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined;
    throw new SetupError(`the gateway's keys ${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** The file appears whole or not at all: it is written beside its place, and linked into it unless one is there. */
async function createKeys(file: string): Promise<string> {
  const key = {
    kty: 'oct',
    kid: randomUUID(),
    alg: 'HS256',
    use: 'sig',
    k: randomBytes(KEY_BYTES).toString('base64url'),
  };
  const draft = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify({ keys: [key] }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    try {
      await link(draft, file);
    } catch (cause) {
      if (!isCode(cause, 'EEXIST')) throw cause;
    } finally {
      await unlink(draft);
    }
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SetupError(
      `the gateway's keys cannot be made at ${file}: ${messageOf(cause)}; ` +
        'make the folder writable, or name another file in gateway.keys of plexica.yaml',
      { cause },
    );
  }
}

function parseKeys(text: string, file: string): SigningKeys {
  const byId = new Map<string, KeyObject>();
  for (const jwk of jwksOf(text, file)) {
    const { kid, secret } = signingKeyOf(jwk, file);
    if (byId.has(kid)) throw invalid(file, `two keys have the kid "${kid}"`);
    byId.set(kid, secret);
  }
  const [first] = byId;
  if (first === undefined) throw invalid(file, 'it holds no key');
  return { current: { kid: first[0], secret: first[1] }, byId };
}

function jwksOf(text: string, file: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(file, 'it is not JSON');
  }
  const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
  if (!Array.isArray(keys)) throw invalid(file, 'it has no "keys"');
  return keys;
}

function signingKeyOf(jwk: unknown, file: string): SigningKey {
  const { kty, kid, k, alg } =
    typeof jwk === 'object' && jwk !== null ? (jwk as Record<string, unknown>) : {};
  if (kty !== 'oct' || typeof k !== 'string' || (alg !== undefined && alg !== 'HS256')) {
    throw invalid(file, 'a key is not a symmetric one for HS256 ("kty": "oct")');
  }
  if (typeof kid !== 'string' || kid === '') throw invalid(file, 'a key has no "kid"');
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length < KEY_BYTES) throw invalid(file, `the key "${kid}" is shorter than ${KEY_BYTES} bytes`);
  return { kid, secret: createSecretKey(bytes) };
}

function invalid(file: string, why: string): SetupError {
  return new SetupError(
    `${file} does not hold the gateway's keys: ${why}; ` +
      'remove the file and a new one is made: tokens signed until now end with it',
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
