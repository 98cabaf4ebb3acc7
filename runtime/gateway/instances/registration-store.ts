import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Cancel, Clock } from './clock.ts';
import { HEARTBEAT } from './instances.ts';
import type { RegistrationChange, RegistrationExchange } from './registration-change.ts';
import {
  readRegistrations,
  removeDrafts,
  type StoredRegistration,
  setAside,
  writeRegistrations,
} from './registration-file.ts';

/**
 * Who is registered, beyond the life of a gateway. Of several processes one alone has the file; the others pass on to it
 * what they are told to record.
 */
export interface RegistrationStore {
  /** All that are registered, each as the change that adds it. */
  current(): readonly RegistrationChange[];
  record(change: RegistrationChange): void;
  /** Ends it; what is not written yet is. */
  close(): Promise<void>;
}

export interface RegistrationStoreOptions {
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  readonly clock: Clock;
}

/** How long a change waits for others, so that many make one write, in milliseconds. */
const GATHER = 100;
/** After how long a write that failed is tried again, in milliseconds. */
const RETRY = 10_000;

interface Entry extends StoredRegistration {
  readonly cancelExpiry: Cancel;
}

/**
 * Opens `registrations.json` in a folder. What it holds counts as registered a moment ago: it vanishes, as all does, when
 * no heartbeat comes. A file that cannot be used is set aside, and told to the log.
 */
export async function openRegistrationStore(
  folder: string,
  { log, clock }: RegistrationStoreOptions,
): Promise<RegistrationStore> {
  const file = join(folder, 'registrations.json');
  const entries = new Map<string, Entry>();
  let closed = false;
  let unwritten = false;
  let failing = false;
  let cancelWrite: Cancel | undefined;
  let writing: Promise<void> | undefined;

  await removeDrafts(file, Date.now());
  for (const stored of await readOrSetAside(file, log)) keep(stored);

  return {
    current: () =>
      [...entries.values()].map(({ pluginId, baseUrl }) => ({ kind: 'registered', pluginId, baseUrl })),
    record({ kind, pluginId, baseUrl }) {
      if (closed) return;
      if (kind === 'removed') drop({ pluginId, baseUrl });
      else if (keep({ pluginId, baseUrl })) writeIn(GATHER);
    },
    async close() {
      closed = true;
      for (const { cancelExpiry } of entries.values()) cancelExpiry();
      cancelWrite?.();
      await writing;
      await write();
      cancelWrite?.();
    },
  };

  /** Whether it is a new one. */
  function keep({ pluginId, baseUrl }: StoredRegistration): boolean {
    const key = keyOf({ pluginId, baseUrl });
    const known = entries.get(key);
    known?.cancelExpiry();
    const cancelExpiry = clock.after(HEARTBEAT.ttlMs, () => drop({ pluginId, baseUrl }));
    entries.set(key, { pluginId, baseUrl, cancelExpiry });
    return known === undefined;
  }

  function drop(stored: StoredRegistration): void {
    const key = keyOf(stored);
    entries.get(key)?.cancelExpiry();
    if (entries.delete(key)) writeIn(GATHER);
  }

  function writeIn(ms: number): void {
    unwritten = true;
    cancelWrite ??= clock.after(ms, () => {
      cancelWrite = undefined;
      writing ??= write().finally(() => {
        writing = undefined;
      });
    });
  }

  async function write(): Promise<void> {
    while (unwritten) {
      unwritten = false;
      const stored = [...entries.values()].map(({ pluginId, baseUrl }) => ({ pluginId, baseUrl }));
      try {
        await writeRegistrations(file, stored);
        failing = false;
      } catch (error) {
        if (!failing)
          log.warn(`${file} cannot be written: ${wordsOf(error)}; registrations end with this gateway`);
        failing = true;
        writeIn(RETRY);
        return;
      }
    }
  }
}

/** Has what was registered before registered again, and the store follow what happens from now on. */
export function followRegistrations(
  exchange: RegistrationExchange,
  store: RegistrationStore,
  log: Pick<FastifyBaseLogger, 'info'>,
): void {
  const known = store.current();
  const left = known.filter((change) => !exchange.applyRegistration(change));
  for (const change of left) store.record({ ...change, kind: 'removed' });
  exchange.onRegistration(store.record);
  if (known.length > 0) {
    const [taken, gone] = [known.length - left.length, left.length];
    log.info(
      { taken, left: gone },
      `of the instances registered before, ${taken} are taken in and ${gone} left out`,
    );
  }
}

async function readOrSetAside(
  file: string,
  log: Pick<FastifyBaseLogger, 'warn'>,
): Promise<readonly StoredRegistration[]> {
  try {
    return await readRegistrations(file);
  } catch (error) {
    const aside = await setAside(file);
    const where = aside === undefined ? '' : `; it is now called ${aside}`;
    log.warn(
      `${file} cannot be used: ${wordsOf(error)}${where}. Instances that it names must register again`,
    );
    return [];
  }
}

function keyOf({ pluginId, baseUrl }: StoredRegistration): string {
  return `${pluginId} ${baseUrl}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
