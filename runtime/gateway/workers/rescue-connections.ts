import type { Worker } from 'node:cluster';

/** How long the end of a worker's channel may take to arrive after the end of the worker, at a time, in milliseconds. */
const CHANNEL_WAIT = 10;

/**
 * Has connections that were handed to a worker which died before it took them handed to another one. Node's cluster
 * waits for the word of the dead one for ever, and keeps the connection open: its client would never learn that nobody
 * has it. Nothing has been read from such a connection, so that nobody has begun to answer.
 *
 * What is read here of Node's own messages is not documented: should it be otherwise one day, nothing is rescued.
 */
export function rescueConnections(worker: Worker): void {
  const { process } = worker;
  /** Numbers of the messages with which connections were handed over, as far as the worker has not answered. */
  const unanswered = new Set<unknown>();

  // Of several signatures: what it is called with is passed on as it is.
  const send = process.send.bind(process) as (...message: unknown[]) => boolean;
  process.send = (message: unknown, ...rest: unknown[]) => {
    if (isRecord(message) && message.act === 'newconn') unanswered.add(message.seq);
    return send(message, ...rest);
  };
  process.on('internalMessage', (message: unknown) => {
    if (isRecord(message)) unanswered.delete(message.ack);
  });
  process.once('exit', rescue);

  function rescue(): void {
    // What the worker said before it died is read first.
    if (process.connected) {
      setTimeout(rescue, CHANNEL_WAIT);
      return;
    }
    // A channel on which a connection is under way never says that it is closed: the dead one would stay on the list.
    worker.disconnect();
    for (const ack of [...unanswered]) {
      process.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false });
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
