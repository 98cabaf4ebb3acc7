import { open, unlink } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { SetupError } from '../errors.ts';

/** How long to wait for somebody else, and how often to look, in milliseconds. What is locked takes a moment. */
const PATIENCE = 5000;
const INTERVAL = 20;

/**
 * Runs something while no other process of this machine, or of one that shares the folder, does. The lock is a file; one
 * that a killed process left behind is not guessed to be stale, but named.
 *
 * @throws SetupError where somebody else holds the lock for too long; and what `run` throws
 */
export async function withLock<T>(lock: string, run: () => Promise<T>, patience = PATIENCE): Promise<T> {
  const until = performance.now() + patience;
  while (!(await take(lock))) {
    if (performance.now() > until) {
      throw new SetupError(
        `somebody else is changing the same file: ${lock} is there; where no other command runs, remove it`,
      );
    }
    await setTimeout(INTERVAL);
  }
  try {
    return await run();
  } finally {
    await unlink(lock);
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`${lock} cannot be made: ${why}`, { cause });
  }
}
