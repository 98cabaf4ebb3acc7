import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { bodyTooLarge } from '../rules/body.ts';

/** How long a client may go on sending after its body was refused, in milliseconds: long enough to read the answer. */
const LINGER = 2000;

/**
 * The body of a request on its way to a plugin: counted, never kept. Over the limit it fails with `body-too-large`,
 * and what the client still sends is thrown away.
 *
 * @param maxBody in bytes
 * @param onProgress called for every piece
 */
export function limitBody(request: IncomingMessage, maxBody: number, onProgress: () => void): Transform {
  let seen = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      onProgress();
      if (seen <= maxBody) return done(null, chunk);
      discard(request, counted);
      done(bodyTooLarge(maxBody));
    },
  });
  // A pipe passes no errors on.
  request.once('error', (error) => counted.destroy(error));
  // When the plugin answers early, the rest of the body goes nowhere, but it must be read for the connection's sake.
  counted.once('close', () => {
    if (!request.readableEnded) discard(request, counted);
  });
  return request.pipe(counted);
}

function discard(request: IncomingMessage, counted: Transform): void {
  request.unpipe(counted);
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER).unref();
  request.once('close', () => clearTimeout(timer));
}
