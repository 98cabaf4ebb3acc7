import { buildConnector, Pool } from 'undici';
import { guardedLookup } from './guarded-lookup.ts';

/** How far a call came that failed: its connection was never made, had answered something before, or had not. */
export type FailedConnection = 'never-made' | 'reused' | 'new';

/** Under this key an error says which. */
const CONNECTION = Symbol('connection');

/** Times in milliseconds, sizes in bytes. */
const SETTINGS = {
  // An instance that does not accept in this time is not there; the call's own limit goes on meanwhile.
  connectTimeout: 5_000,
  // Shorter than the 5 s of Node's own servers and of most others: whoever closes first cannot be caught by surprise.
  // A server that announces `Keep-Alive: timeout=N` is left 2 s before that, and not kept for more than a minute.
  keepAliveTimeout: 4_000,
  keepAliveMaxTimeout: 60_000,
  keepAliveTimeoutThreshold: 2_000,
  // What Node accepts from clients; a plugin gets no more.
  maxHeaderSize: 16 * 1024,
} as const;

/**
 * The connections to one instance. `kept` ones serve one request after the other; a `fresh` one serves a single request,
 * so that nothing that happened before can be in its way.
 */
export function openPool(origin: string, connections: 'kept' | 'fresh'): Pool {
  return new Pool(origin, {
    connect: markingConnector(),
    // As many as there are requests under way: their number is limited before, for all instances of a plugin together,
    // and a second queue down here would be one that nobody sees.
    connections: null,
    // One request at a time on each, so that none waits behind another, and a broken answer hits a single request;
    // 0 closes a connection after its first.
    pipelining: connections === 'kept' ? 1 : 0,
    keepAliveTimeout: SETTINGS.keepAliveTimeout,
    keepAliveMaxTimeout: SETTINGS.keepAliveMaxTimeout,
    keepAliveTimeoutThreshold: SETTINGS.keepAliveTimeoutThreshold,
    maxHeaderSize: SETTINGS.maxHeaderSize,
  });
}

/** What is known about the connection on which a call failed; undefined where that had nothing to do with one. */
export function failedConnection(error: unknown): FailedConnection | undefined {
  return error instanceof Error && CONNECTION in error
    ? // Only `mark` writes it.
      (error[CONNECTION] as FailedConnection)
    : undefined;
}

/** Errors name neither their connection nor its past: both are noted while they are known. */
function markingConnector(): buildConnector.connector {
  const connect = buildConnector({
    lookup: guardedLookup(),
    timeout: SETTINGS.connectTimeout,
    // A name such as localhost leads to ::1 and 127.0.0.1, and plugins mostly listen at one of them.
    autoSelectFamily: true,
    allowH2: false,
  });
  return (target, done) =>
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        mark(error, 'never-made');
        return done(error, null);
      }
      // The first listener: undici's own passes the error on.
      socket.on('error', (broken) => mark(broken, socket.bytesRead > 0 ? 'reused' : 'new'));
      done(null, socket);
    });
}

function mark(error: Error, connection: FailedConnection): void {
  Object.assign(error, { [CONNECTION]: connection });
}
