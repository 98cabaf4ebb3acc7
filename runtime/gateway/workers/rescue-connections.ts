import type { Worker } from 'node:cluster';

/** How long the end of a worker's channel may take to arrive after the end of the worker, at a time, in milliseconds. */
const CHANNEL_WAIT = 10;

/**
 * Sees to it that every connection that is handed to a worker comes to an end. Node's cluster knows two ways to keep one
 * open of which nobody reads, so that its client waits for ever:
 *
 * - a worker dies before it took it: it is handed to another one. Nothing has been read from it, so that nobody has begun
 *   to answer;
 * - a worker that stops does not take it, and there is none that would: it is closed.
 *
 * What is read here of Node's own messages is not documented: should it be otherwise one day, nothing is rescued.
 *
 * @returns takes a worker under this care
 */
export function rescueConnections(): (worker: Worker) => void {
  /** Workers that take connections, or are about to. */
  const open = new Set<Worker>();
  /** Connections that a worker did not take, and that were not handed on. */
  const refused = new Set<unknown>();

  return (worker) => {
    const { process } = worker;
    /** By the number of the message with which it was handed over, as far as the worker has not answered. */
    const unanswered = new Map<unknown, unknown>();
    open.add(worker);

    // Of several signatures: what it is called with is passed on as it is.
    const send = process.send.bind(process) as (...message: unknown[]) => boolean;
    process.send = (message: unknown, ...rest: unknown[]) => {
      if (isRecord(message) && message.act === 'newconn') {
        unanswered.set(message.seq, rest[0]);
        refused.delete(rest[0]);
      }
      return send(message, ...rest);
    };
    // Before Node's own, which hands on at once what was refused.
    process.prependListener('internalMessage', (message: unknown) => {
      if (!isRecord(message)) return;
      if (message.act === 'close') shut();
      if (!unanswered.has(message.ack)) return;
      if (message.accepted === false) refused.add(unanswered.get(message.ack));
      unanswered.delete(message.ack);
      closeForsaken();
    });
    process.once('exit', rescue);

    function rescue(): void {
      // What the worker said before it died is read first.
      if (process.connected) {
        setTimeout(rescue, CHANNEL_WAIT);
        return;
      }
      shut();
      // A channel on which a connection is under way never says that it is closed: the dead one would stay on the list.
      worker.disconnect();
      for (const ack of [...unanswered.keys()]) {
        process.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false });
      }
    }

    function shut(): void {
      open.delete(worker);
      closeForsaken();
    }
  };

  function closeForsaken(): void {
    if (open.size > 0) return;
    for (const connection of refused) if (isClosable(connection)) connection.close();
    refused.clear();
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isClosable(value: unknown): value is { close(): void } {
  return isRecord(value) && typeof value.close === 'function';
}
