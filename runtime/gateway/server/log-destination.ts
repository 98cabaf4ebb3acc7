import { write as writeFile, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { DestinationStream } from 'pino';

/** Where the lines of the log go. */
export interface LogDestination extends DestinationStream {
  /**
   * Waits until all lines are written, but not for longer than so many milliseconds, and takes no more. What somebody
   * reads is written to the last line.
   */
  close(within: number): Promise<void>;
}

/** Such as `process.stdout`, which is a Socket where it is a pipe or a terminal. */
export interface LogOutput {
  readonly fd: number;
}

/** What waits for a slow reader, in characters; further lines are lost, and counted. */
const MOST_WAITING = 8 * 1024 * 1024;
/** Pipes keep writes of up to so many bytes together (PIPE_BUF of Linux): workers that share one do not mix their lines. */
const ATOMIC_WRITE = 4_096;
/** How often the end is looked for, in milliseconds. */
const PATIENCE = 10;

/**
 * Writes beside the requests: a reader that is slow holds none of them up, one that is gone ends the writing, and a disk
 * that is full ends nothing. Pino's own destination would either block, or wait a tenth of a second whenever a pipe is
 * full.
 */
export function openLogDestination(output: LogOutput): LogDestination {
  let lines: string[] = [];
  let waiting = 0;
  let lost = 0;
  let writing = false;
  let closed = false;
  const stop = () => {
    closed = true;
    lines = [];
    waiting = 0;
  };
  const write = output instanceof Socket ? socketWriter(output, stop) : fileWriter(output.fd);
  // Where nothing can be awaited any more: after an error that nobody caught.
  const writeRest = () => writeNow(output.fd, lines.join(''));
  process.once('exit', writeRest);

  return {
    write(line) {
      if (closed) return;
      if (lost > 0 && waiting < MOST_WAITING / 2) reportLost();
      add(line);
    },
    async close(within) {
      const deadline = performance.now() + within;
      while ((writing || lines.length > 0) && performance.now() < deadline) await wait(PATIENCE);
      stop();
      process.off('exit', writeRest);
    },
  };

  function add(line: string): void {
    if (waiting + line.length > MOST_WAITING) {
      lost += 1;
      return;
    }
    lines.push(line);
    waiting += line.length;
    if (!writing) writeNext();
  }

  function writeNext(): void {
    const chunk = takeFirst(lines);
    if (chunk === undefined) return;
    writing = true;
    write(chunk, (written) => {
      writing = false;
      if (closed) return;
      if (written) {
        waiting -= chunk.length;
        writeNext();
      } else {
        // It is tried again with the next line.
        lines.unshift(chunk);
      }
    });
  }

  function reportLost(): void {
    const msg = `${lost} lines of the log are lost: nobody read them in time`;
    const report = { level: 40, time: Date.now(), lost, msg };
    lost = 0;
    add(`${JSON.stringify(report)}\n`);
  }
}

/** Calls back with whether all of it was written. */
type Writer = (chunk: string, done: (written: boolean) => void) => void;

function socketWriter(socket: Socket, gone: () => void): Writer {
  socket.on('error', gone);
  return (chunk, done) => {
    if (socket.destroyed) gone();
    else socket.write(chunk, (error) => done(!error));
  };
}

function fileWriter(fd: number): Writer {
  return (chunk, done) => {
    const bytes = Buffer.from(chunk);
    writeFrom(0);

    function writeFrom(at: number): void {
      writeFile(fd, bytes, at, (error, written) => {
        if (error !== null) done(false);
        else if (at + written < bytes.length) writeFrom(at + written);
        else done(true);
      });
    }
  };
}

/** Takes out as many lines as are written at once: one at least, where there is one. */
function takeFirst(lines: string[]): string | undefined {
  let size = 0;
  let count = 0;
  for (const line of lines) {
    size += Buffer.byteLength(line);
    if (count > 0 && size > ATOMIC_WRITE) break;
    count += 1;
  }
  return count === 0 ? undefined : lines.splice(0, count).join('');
}

function writeNow(fd: number, text: string): void {
  try {
    if (text !== '') writeSync(fd, text);
  } catch {
    // Nobody reads it.
  }
}
