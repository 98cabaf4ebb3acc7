import type { KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Cancel, Clock } from '../instances/clock.ts';
import { loadSigningKeys, rereadSigningKeys, type SigningKeys } from './keys.ts';

/** The keys of a gateway that runs: their file may be changed under it. */
export interface KeyStore extends SigningKeys {
  /** A key that was made since the file was last read, or undefined: the file does not have it. Never rejects. */
  find(kid: string): Promise<KeyObject | undefined>;
  /** Another number once a key was taken away, and with it what it signed. */
  generation(): number;
  /**
   * Looks at the file now and then from now on, until the function that it returns is called: a gateway that nobody asks
   * for anything must learn of a key that was taken away before somebody comes with what it signed.
   */
  watch(): Cancel;
  /** Reads the file anew. One that cannot be used is told to the log, and the keys stay. Never rejects. */
  refresh(): Promise<void>;
}

export interface KeyStoreOptions {
  readonly log: Pick<FastifyBaseLogger, 'info' | 'error'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
}

/** A file that looks the same is read again for an unknown key no more often than this, in milliseconds. */
const REREAD_INTERVAL = 1000;
/** How long a change may go unseen, in milliseconds. */
const GLANCE_INTERVAL = 10_000;

/**
 * Reads the gateway's keys, and makes them on first use.
 *
 * @throws SetupError
 */
export async function openKeyStore(file: string, { log, clock }: KeyStoreOptions): Promise<KeyStore> {
  let version = await versionOf(file);
  let keys = await loadSigningKeys(file);
  let readAt = clock.now();
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
    generation: () => generation,
    watch() {
      let isOver = false;
      let cancel = clock.after(GLANCE_INTERVAL, glance);
      function glance(): void {
        void look().then(() => {
          if (!isOver) cancel = clock.after(GLANCE_INTERVAL, glance);
        });
      }
      return () => {
        isOver = true;
        cancel();
      };
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
    const latest = await versionOf(file);
    if (latest === version && clock.now() - readAt < REREAD_INTERVAL) return;
    version = latest;
    readAt = clock.now();
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
