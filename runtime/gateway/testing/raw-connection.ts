import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection whose bytes a test writes itself. */
export interface RawConnection {
  readonly socket: Socket;
  /** Bytes, one character each. */
  write(text: string): void;
  /** All that came once it holds this text. Fails when the connection ends before. */
  until(text: string): Promise<string>;
  /** All that came, once the other side has closed. */
  closed(): Promise<string>;
}

export async function openConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  let ended = false;
  const waiting = new Set<() => void>();
  const look = () => {
    for (const one of waiting) one();
  };
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    look();
  });
  // A connection that is reset has ended as well; tests look at what came before.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    ended = true;
    look();
  });
  await once(socket, 'connect');

  const when = (ready: () => boolean) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        if (ready()) resolve(received);
        else if (ended) reject(new Error(`the connection ended after: ${received}`));
        else return;
        waiting.delete(check);
      };
      waiting.add(check);
      check();
    });
  return {
    socket,
    write: (text) => void socket.write(Buffer.from(text, 'latin1')),
    until: (text) => when(() => received.includes(text)),
    closed: () => when(() => ended),
  };
}

/** Sends one request with `Connection: close` already in it, and returns the whole answer. */
export async function sendRaw(port: number, request: string): Promise<string> {
  const connection = await openConnection(port);
  connection.write(request);
  return connection.closed();
}
