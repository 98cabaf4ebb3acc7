import { createHash } from 'node:crypto';
import type { DeadLetter } from '../transport.ts';

/** The same for every letter about one message and group. */
export function letterIdOf({ group, origin, event }: DeadLetter): string {
  const what = JSON.stringify([group, origin, event?.source, event?.id]);
  return createHash('sha256').update(what).digest('base64url').slice(0, 22);
}

/** A letter as it was kept; undefined for what is none. */
export function parseLetter(text: string): DeadLetter | undefined {
  try {
    const letter: unknown = JSON.parse(text);
    if (typeof letter !== 'object' || letter === null || !('group' in letter) || !('reason' in letter)) {
      return undefined;
    }
    // Only the transport writes to the topic, and only letters.
    return letter as DeadLetter;
  } catch {
    return undefined;
  }
}
