import { milliseconds } from '@plexica/types';
import { SetupError } from '../errors.ts';

/**
 * Milliseconds of a time limit or an interval, of which nothing would stop everything.
 *
 * @param name of the setting
 * @param where it stands: `plexica.yaml:12`
 * @throws SetupError for 0
 */
export function positiveDuration(duration: string, name: string, where: string): number {
  const value = milliseconds(duration);
  if (value > 0) return value;
  throw new SetupError(`${where}: ${name} must be longer than ${duration}`);
}
