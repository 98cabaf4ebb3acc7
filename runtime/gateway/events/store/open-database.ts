import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SetupError } from '../../errors.ts';

/** Of this file's tables; a file of another format is refused. */
const FORMAT = 1;

/** How long a statement waits for another process that writes, in milliseconds. */
const PATIENCE = 5_000;

/**
 * `events` holds every event once, and once more per group (`audience`) that is given it again.
 *
 * A lane is what one group has of one tenant and source: everything up to `settled` is done, everything up to `latest` was
 * published. A stream holds a lane (`holder`) until `held_until`; who held it last may settle in it until somebody else
 * holds it. `head` is where the lane stood when it was last claimed, and `head_claims` how often it was claimed there. Of
 * the lanes that nobody holds, the one that has waited longest is next: `held_until` is then when it was given back.
 *
 * `streams` holds when the reader of each open stream was last heard of, whichever process it spoke to.
 */
const SCHEMA = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL, id TEXT NOT NULL,
    audience TEXT NOT NULL,
    name TEXT NOT NULL, tenant TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_identity ON events (source, id, audience);
  CREATE INDEX events_lane ON events (tenant, source, seq);
  CREATE TABLE lanes (
    grp TEXT NOT NULL, tenant TEXT NOT NULL, source TEXT NOT NULL,
    settled INTEGER NOT NULL, latest INTEGER NOT NULL,
    holder TEXT, last_holder TEXT, held_until INTEGER NOT NULL DEFAULT 0,
    head INTEGER NOT NULL DEFAULT 0, head_claims INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (grp, tenant, source)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lanes_pending ON lanes (grp, held_until) WHERE latest > settled;
  CREATE INDEX lanes_held ON lanes (holder) WHERE holder IS NOT NULL;
  CREATE TABLE streams (
    holder TEXT PRIMARY KEY, grp TEXT NOT NULL, heard_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE dead_letters (
    seq INTEGER NOT NULL, grp TEXT NOT NULL,
    source TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, tenant TEXT NOT NULL, body TEXT NOT NULL,
    reason TEXT NOT NULL, error TEXT NOT NULL, attempts INTEGER NOT NULL, failed_at TEXT NOT NULL,
    PRIMARY KEY (seq, grp)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX dead_letters_group ON dead_letters (grp);
  PRAGMA user_version = ${FORMAT};
`;

/**
 * Opens the file of the event store, and makes it on first use. What is committed survives a process that is killed; what
 * is flushed after that (`flush-log.ts`) survives a machine that loses its power. Several processes may open it.
 *
 * @throws SetupError
 */
export function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    makePrivate(file);
    database = new DatabaseSync(file, { timeout: PATIENCE });
    // The first must come before the second, which makes the file's first page.
    patiently(database, 'PRAGMA auto_vacuum = INCREMENTAL');
    patiently(database, 'PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    prepare(database, file);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof SetupError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(
      `the event store ${file} cannot be opened: ${why}; make the folder writable, or set the file aside: ` +
        'a new one is made, without the events that this one holds',
      { cause },
    );
  }
}

/**
 * Events hold signed contexts, which are nobody else's to read. SQLite gives its other files the mode of this one. A file
 * that is there is not touched: to open and close it would take SQLite's locks away from this process.
 */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
}

/** Two processes that start at once: SQLite does not wait by itself for another one that changes the journal's mode. */
function patiently(database: DatabaseSync, statement: string): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let left = PATIENCE; ; left -= 20) {
    try {
      database.exec(statement);
      return;
    } catch (error) {
      if (left <= 0 || !(error instanceof Error) || !/locked|busy/i.test(error.message)) throw error;
      Atomics.wait(nap, 0, 0, 20);
    }
  }
}

/** Two processes that start at once must not both make the tables. */
function prepare(database: DatabaseSync, file: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    if (version === 0) database.exec(SCHEMA);
    else if (version !== FORMAT) {
      throw new SetupError(
        `the event store ${file} has format ${String(version)}, and this gateway knows ${FORMAT}: ` +
          'run the version that wrote it, or set the file aside',
      );
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
