import type { KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { FastifyBaseLogger } from 'fastify';
import { loadSigningKeys, rereadSigningKeys, type SigningKeys } from './keys.ts';

/** The keys of a gateway that runs: their file may be changed under it. */
export interface KeyStore extends SigningKeys {
  /** A key that was made since the file was last read, or undefined: the file does not have it. Never rejects. */
  find(kid: string): Promise<KeyObject | undefined>;
  /**
   * Another number once a key was taken away, and with it what it signed. Asking costs nothing; now and then it has the
   * file looked at in the background, so that a gateway learns of a rotation before anybody else's token tells it.
   */
  generation(): number;
  /** Reads the file anew. One that cannot be used is told to the log, and the keys stay. Never rejects. */
  refresh(): Promise<void>;
}

export interface KeyStoreOptions {
  readonly log: Pick<FastifyBaseLogger, 'info' | 'error'>;
  /** In milliseconds, from any moment on; never goes back. */
  readonly now: () => number;
}

/** A file that looks the same is read again for an unknown key no more often than this, in milliseconds. */
const REREAD_INTERVAL = 1000;
/** How long a change may go unseen while the gateway is at work, in milliseconds. */
const GLANCE_INTERVAL = 10_000;

/**
 * Reads the gateway's keys, and makes them on first use.
 *
 * @throws SetupError
 */
export async function openKeyStore(file: string, { log, now }: KeyStoreOptions): Promise<KeyStore> {
  let version = await versionOf(file);
  let keys = await loadSigningKeys(file);
  let readAt = now();
  let glancedAt = now();
  let generation = 0;
  let trouble = '';
  let looking: Promise<void> | undefined;

  return {
    get current() {
      return keys.current;
    },
    get byId() {
      return keys.byId;
    },
    async find(kid) {
      // A look that is under way may have begun before the key was made: one that begins now has not.
      if (looking !== undefined) await looking;
      if (!keys.byId.has(kid)) await look();
      return keys.byId.get(kid);
    },
    generation() {
      if (now() - glancedAt >= GLANCE_INTERVAL) void look();
      return generation;
    },
    async refresh() {
      if (looking !== undefined) await looking;
      await look();
    },
  };

  /** Everybody who asks at the same time shares one look. */
  function look(): Promise<void> {
    looking ??= readIfChanged().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function readIfChanged(): Promise<void> {
    glancedAt = now();
    const latest = await versionOf(file);
    if (latest === version && now() - readAt < REREAD_INTERVAL) return;
    version = latest;
    readAt = now();
    try {
      take(await rereadSigningKeys(file));
      trouble = '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why === trouble) return;
      trouble = why;
      log.error(`the gateway goes on with the keys that it has: ${why}`);
    }
  }

  function take(latest: SigningKeys): void {
    const before = keys;
    keys = latest;
    const isSame = ([kid, secret]: [string, KeyObject]) => latest.byId.get(kid)?.equals(secret) === true;
    if (![...before.byId].every(isSame)) generation += 1;
    else if (before.byId.size === latest.byId.size && before.current.kid === latest.current.kid) return;
    log.info(`the gateway's keys have changed: ${latest.current.kid} signs, of ${latest.byId.size}`);
  }
}

/** What differs once a file is another one, or has been written to. */
async function versionOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
    return `${dev} ${ino} ${size} ${mtimeNs}`;
  } catch {
    return 'absent';
  }
}
