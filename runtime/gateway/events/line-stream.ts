import { Readable } from 'node:stream';
import type { Clock } from '../instances/clock.ts';

/** An answer of lines that goes on until somebody ends it. */
export interface LineStream {
  /** To be sent. */
  readonly readable: Readable;
  /** False where no more should come before there is room. */
  write(line: string): boolean;
  /** Nothing comes any more; what was written is still sent. */
  end(): void;
}

export interface LineStreamOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Between two signs of life, in milliseconds. */
  readonly heartbeat: number;
  /** How long the other side may read nothing, in milliseconds. */
  readonly patience: number;
  /** There is room again. */
  readonly onRoom: () => void;
  /** It is over, whoever ended it. Called once. */
  readonly onClose: () => void;
}

/** In bytes. */
const BUFFER = 256 * 1024;

export function createLineStream({
  clock,
  heartbeat,
  patience,
  onRoom,
  onClose,
}: LineStreamOptions): LineStream {
  let full = false;
  let unread = 0;
  let ended = false;
  const readable = new Readable({
    highWaterMark: BUFFER,
    read() {
      unread = 0;
      if (!full) return;
      full = false;
      onRoom();
    },
    destroy(error, done) {
      cancel();
      onClose();
      done(error);
    },
  });
  let cancel = clock.after(heartbeat, beat);

  return {
    readable,
    write,
    end() {
      if (ended) return;
      ended = true;
      cancel();
      readable.push(null);
    },
  };

  function write(line: string): boolean {
    if (ended || readable.destroyed) return false;
    full = !readable.push(`${line}\n`);
    return !full;
  }

  /** An empty line tells the other side that the stream lives; one that reads nothing is given up. */
  function beat(): void {
    cancel = clock.after(heartbeat, beat);
    if (!full) {
      write('');
      return;
    }
    unread += heartbeat;
    if (unread > patience) readable.destroy();
  }
}
