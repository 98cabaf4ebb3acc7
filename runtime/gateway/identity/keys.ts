import type { KeyObject } from 'node:crypto';
import { SetupError } from '../errors.ts';
import { createKeyFile, readKeyFile, type StoredKey, unusableKeys } from './key-file.ts';

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

/**
 * Reads the gateway's keys, a JWK set of symmetric keys, and makes the file on first use. Two processes that start at
 * once get the same keys.
 *
 * @throws SetupError
 */
export async function loadSigningKeys(file: string): Promise<SigningKeys> {
  return signingKeysOf((await readKeyFile(file)) ?? (await createKeyFile(file)), file);
}

/**
 * Reads the keys of a gateway that runs: their file is not made anew.
 *
 * @throws SetupError
 */
export async function rereadSigningKeys(file: string): Promise<SigningKeys> {
  const stored = await readKeyFile(file);
  if (stored === undefined) throw new SetupError(`the gateway's keys ${file} are gone`);
  return signingKeysOf(stored, file);
}

function signingKeysOf(stored: readonly StoredKey[], file: string): SigningKeys {
  const [current] = stored;
  if (current === undefined) throw unusableKeys(file, 'it holds no key');
  return { current, byId: new Map(stored.map(({ kid, secret }) => [kid, secret])) };
}
