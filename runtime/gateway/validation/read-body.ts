import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors.ts';
import type { KeptBody } from '../limits/body-memory.ts';
import { discardRest } from '../proxy/discard-rest.ts';
import { bodyTooLarge } from '../rules/body.ts';
import { SilenceTimer } from '../silence-timer.ts';

/** Keeps account of a body, and says when it must go. */
export type KeepBody = (refuse: (error: GatewayError) => void) => KeptBody;

/**
 * Reads the body of a request to its end. Where it refuses, what the client still sends is thrown away.
 *
 * @param maxBody in bytes
 * @param patience how long nothing may come, in milliseconds
 * @param keep whoever gets the body releases it
 * @throws GatewayError `body-too-large`, `request-timeout`, `client-gone`, `plugin-busy`
 */
export function readBody(
  request: IncomingMessage,
  maxBody: number,
  patience: number,
  keep?: KeepBody,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let pieces: Buffer[] = [];
    let size = 0;
    const kept = keep?.(refuse);
    const timer = new SilenceTimer(patience, () => refuse(tooSlow(patience)));
    const onData = (piece: Buffer) => {
      timer.refresh();
      size += piece.length;
      if (size > maxBody) return refuse(bodyTooLarge(maxBody));
      pieces.push(piece);
      kept?.grow(piece.length);
    };
    const onEnd = () => {
      letGo();
      kept?.complete();
      const [only] = pieces;
      resolve(only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces, size));
    };
    const onGone = () => {
      letGo();
      kept?.release();
      reject(new GatewayError('client-gone', 'the client went away'));
    };
    function refuse(error: GatewayError): void {
      letGo();
      kept?.release();
      pieces = [];
      discardRest(request);
      reject(error);
    }
    function letGo(): void {
      timer.stop();
      request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
    }
    // One that is gone says nothing more.
    if (request.destroyed) return onGone();
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}

function tooSlow(patience: number): GatewayError {
  return new GatewayError('request-timeout', `no more of the body came within ${patience} ms`, {
    // Nobody knows where the next request on it would begin.
    headers: { connection: 'close' },
  });
}
