import { SetupError } from '../errors.ts';
import type { StoredKey } from './key-file.ts';

/** What becomes of the keys: all times in milliseconds. */
export interface Rotation {
  readonly keys: readonly StoredKey[];
  /** No longer among them: what they signed no longer counts. */
  readonly dropped: readonly StoredKey[];
}

/**
 * Has a fresh key sign from now on. The ones before it stay to verify what they signed, until they were replaced
 * longer than `retireAfter` ago.
 */
export function rotateKeys(keys: readonly StoredKey[], fresh: StoredKey, retireAfter: number): Rotation {
  const now = fresh.madeAt ?? Number.NEGATIVE_INFINITY;
  const all = [fresh, ...keys];
  const dropped = all.filter((_, at) => at > 0 && now - replacedAt(all, at) >= retireAfter);
  return { keys: all.filter((key) => !dropped.includes(key)), dropped };
}

/**
 * @throws SetupError for a key that is not there, and for the last one
 */
export function removeKey(keys: readonly StoredKey[], kid: string): readonly StoredKey[] {
  const left = keys.filter((key) => key.kid !== kid);
  if (left.length === keys.length) {
    throw new SetupError(`there is no key "${kid}": there are ${keys.map((key) => key.kid).join(', ')}`);
  }
  if (left.length === 0) {
    throw new SetupError(
      `"${kid}" is the only key, and the gateway needs one to sign with: make another first, with \`plexica keys rotate\``,
    );
  }
  return left;
}

/**
 * When a key stopped signing: when the one before it in the file was made. Where that one does not say, the next one
 * that does: later than it was, so that no key is dropped too early.
 */
function replacedAt(keys: readonly StoredKey[], at: number): number {
  for (let newer = at - 1; newer >= 0; newer -= 1) {
    const madeAt = keys[newer]?.madeAt;
    if (madeAt !== undefined) return madeAt;
  }
  return Number.POSITIVE_INFINITY;
}
