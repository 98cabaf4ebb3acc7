import { type DestinationStream, type Logger, pino } from 'pino';
import { SetupError } from '../errors.ts';
import { type Clock, systemClock } from '../instances/clock.ts';
import { limitRepeats } from './limit-repeats.ts';
import { scrubLine } from './scrub-line.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Fields that must not be written, at the top of a line or one level below. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-plexica-context',
  'token',
  'password',
  'secret',
];

/**
 * The gateway's log: one JSON object a line. It holds no token, and no address of a plugin: errors of the network are
 * named by their codes, because their messages and fields hold addresses. Complaints do not flood it.
 *
 * @throws SetupError for a level that is none
 */
export function createLog(
  destination: DestinationStream,
  level = 'info',
  clock: Pick<Clock, 'after'> = systemClock,
): Logger {
  if (!LEVELS.includes(level)) {
    throw new SetupError(`the log level (LOG_LEVEL) is "${level}"; it may be ${LEVELS.join(', ')}`);
  }
  const log: Logger = pino(
    {
      level,
      base: null,
      serializers: { err: describeError },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`]),
        censor: '(hidden)',
      },
      hooks: { logMethod: limitRepeats(clock, () => log), streamWrite: scrubLine },
    },
    destination,
  );
  return log;
}

/** What the log says of an error that may be a bug of ours: where it happened as well. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error) || isFromNetwork(error) || isFromStore(error)) return describeFailure(error);
  return {
    ...describeFailure(error),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** What the log says of a failure around the gateway: where in its code that was noticed helps nobody. */
export function describeFailure(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = codeOf(error);
  const type = error.constructor.name;
  if (isFromNetwork(error)) return { type, code };
  return { type, ...(code === undefined ? {} : { code }), message: error.message };
}

/** Whether an error is one of a connection, or of what came over it, and none of ours. */
export function isFromNetwork(error: Error): boolean {
  const code = codeOf(error);
  return (
    'syscall' in error ||
    'socket' in error ||
    code?.startsWith('UND_ERR') === true ||
    code?.startsWith('HPE_') === true ||
    // undici's, which does not always have a code.
    error.name === 'HTTPParserError'
  );
}

/** Whether the file of events failed, as on a disk that is full. */
function isFromStore(error: Error): boolean {
  return codeOf(error) === 'ERR_SQLITE_ERROR';
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
