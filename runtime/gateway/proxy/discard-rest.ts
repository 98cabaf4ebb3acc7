import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending after its body was refused, in milliseconds: long enough to read the answer. */
const LINGER = 2000;

/** Throws away what a client still sends, for the connection's sake, and ends the connection when that takes too long. */
export function discardRest(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER).unref();
  request.once('close', () => clearTimeout(timer));
}
