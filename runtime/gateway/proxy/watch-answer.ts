import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../errors.ts';
import { upstreamTimeout } from './upstream-error.ts';

/** Times in milliseconds. */
export interface Patience {
  readonly pluginId: string;
  /** How long a plugin may send nothing. */
  readonly plugin: number;
  /** How long a client may read nothing. */
  readonly client: number;
}

/** Of a stream of events, whose client may be gone without a word long before the next event. */
const PROBE_CLIENT = 60_000;

/**
 * Watches an answer on its way from a plugin to the client. A stream of events may be silent for hours: it has no limit
 * of its own, and its head goes out before the first event.
 *
 * @param onPiece called for every piece that the plugin sends
 * @returns judges a silence, each time that no piece came for `patience.plugin`: why the answer must end; undefined where
 *   it may go on. A plugin is not to blame while the client does not read.
 */
export function watchAnswer(
  { body, headers }: Pick<Dispatcher.ResponseData, 'body' | 'headers'>,
  response: ServerResponse,
  patience: Patience,
  onPiece: () => void,
): () => GatewayError | undefined {
  const endless = isEventStream(headers['content-type']);
  // A listener for data sets a stream flowing: before it is piped, what it carries would be lost.
  body.once('resume', () => {
    body.on('data', onPiece);
    if (endless && !response.headersSent) response.flushHeaders();
  });
  if (endless) response.socket?.setKeepAlive(true, PROBE_CLIENT);

  let taken = -1;
  let waited = 0;
  return () => {
    if (!response.writableNeedDrain && !body.readableEnded) {
      return endless ? undefined : upstreamTimeout(patience.pluginId, patience.plugin);
    }
    const before = taken;
    taken = takenBy(response);
    waited = taken === before ? waited + patience.plugin : 0;
    return waited < patience.client ? undefined : idleClient(waited);
  };
}

function isEventStream(type: string | string[] | undefined): boolean {
  return typeof type === 'string' && /^text\/event-stream\s*(?:;|$)/i.test(type);
}

/** How many bytes of its connection the client's side has taken: those that no longer wait here. */
function takenBy({ socket }: ServerResponse): number {
  return socket === null ? 0 : socket.bytesWritten - socket.writableLength;
}

function idleClient(waited: number): GatewayError {
  return new GatewayError('client-gone', `the client read nothing of its answer for ${waited} ms`);
}
