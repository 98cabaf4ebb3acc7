import type { DatabaseSync } from 'node:sqlite';

/** Commits what some statements do, all or none. No other process writes meanwhile. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends it by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
