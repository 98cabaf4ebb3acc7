import cluster, { type Worker } from 'node:cluster';
import type { Endpoint } from './peer.ts';

/** Another process of this gateway, started by this one. */
export interface WorkerProcess extends Endpoint {
  readonly pid: number | undefined;
  /** How it ended, in words. */
  onExit(listener: (how: string) => void): void;
  kill(): void;
}

/** The process that started this one, where it is a worker. */
export interface PrimaryProcess extends Endpoint {
  /** After it, nothing of the channel keeps this process alive. A worker whose primary process is gone ends at once. */
  close(): void;
}

/**
 * Starts a process that runs the command line of this one, and shares the ports on which it listens with others like it:
 * this process accepts connections, and hands them to one after the other.
 *
 * @param rescue sees to the connections that it does not take
 */
export function forkWorker(rescue: (worker: Worker) => void): WorkerProcess {
  const worker = cluster.fork();
  rescue(worker);
  // What cannot be sent goes to a process that is gone, of which `exit` tells.
  worker.process.on('error', () => undefined);
  return {
    pid: worker.process.pid,
    send: (message) => void (worker.isConnected() && worker.process.send(message, ignore)),
    onMessage: (listener) => void worker.process.on('message', listener),
    // Not `disconnect`, of which a channel does not tell while a connection is under way on it.
    onClose: (listener) => void worker.process.once('exit', listener),
    onExit(listener) {
      worker.process.once('exit', (code, signal) => {
        listener(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`);
      });
      worker.process.once('error', (error) => {
        // A process that could not be made does not end.
        if (worker.process.pid === undefined) listener(`no process can be made: ${error.message}`);
      });
    },
    kill: () => void worker.process.kill('SIGKILL'),
  };
}

/** Undefined where nobody started this process as a worker. */
export function primaryProcess(): PrimaryProcess | undefined {
  const { worker } = cluster;
  if (worker === undefined) return undefined;
  return {
    send: (message) => void (process.connected && process.send?.(message, undefined, {}, ignore)),
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.once('disconnect', listener),
    close: () => void (process.connected && worker.disconnect()),
  };
}

function ignore(): void {}
