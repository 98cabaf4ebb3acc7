import type { Level, LogFn, Logger } from 'pino';
import type { Clock } from '../instances/clock.ts';

/** So many lines with one message pass within a window; the window's length in milliseconds. */
const MOST = 20;
const WINDOW = 10_000;
/** Messages that are told apart at a time; further ones count as one. */
const MOST_MESSAGES = 1_000;
const OTHERS = 'further messages';

const COMPLAINTS: ReadonlyMap<number, Level> = new Map([
  [40, 'warn'],
  [50, 'error'],
]);

/** What pino calls in place of a log method. */
export type LogHook = (this: Logger, args: Parameters<LogFn>, method: LogFn, level: number) => void;

/**
 * Keeps complaints from flooding the log: ten thousand requests a second that all fail for one reason say so twenty times,
 * and then once how many more there were. Lines below `warn` are not touched.
 *
 * @param root writes the line about those that were left out
 */
export function limitRepeats(clock: Pick<Clock, 'after'>, root: () => Logger): LogHook {
  const windows = new Map<string, { passed: number; leftOut: number }>();

  return function logUnlessRepeated(args, method, level) {
    const label = COMPLAINTS.get(level);
    const message = messageOf(args);
    if (label === undefined || message === undefined || mayPass(message, label)) method.apply(this, args);
  };

  function mayPass(message: string, label: Level): boolean {
    const key = windows.size < MOST_MESSAGES || windows.has(message) ? message : OTHERS;
    const window = windows.get(key) ?? openWindow(key, label);
    window.passed += 1;
    if (window.passed <= MOST) return true;
    window.leftOut += 1;
    return false;
  }

  function openWindow(key: string, label: Level) {
    const window = { passed: 0, leftOut: 0 };
    windows.set(key, window);
    clock.after(WINDOW, () => {
      windows.delete(key);
      const { leftOut } = window;
      if (leftOut > 0) root()[label]({ leftOut }, `${leftOut} more in ${WINDOW / 1000} s: ${key}`);
    });
    return window;
  }
}

/** Pino's methods take a message, or an object and a message. */
function messageOf([first, second]: readonly unknown[]): string | undefined {
  if (typeof first === 'string') return first;
  return typeof second === 'string' ? second : undefined;
}
