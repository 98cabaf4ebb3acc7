import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** In Kafka's protocol. */
const JOIN_GROUP = 11;
const COORDINATOR_LOAD_IN_PROGRESS = 14;

/**
 * Stands before a broker, and says of it so many times that its coordinator is still loading: what a broker says by itself
 * for a while after its start.
 *
 * @returns the port; frames are passed on as they are but for the answers to `JoinGroup`
 */
export async function unreadyCoordinator(
  broker: string,
  times: number,
): Promise<{ server: Server; port: number }> {
  const [host = '', port = ''] = broker.split(':');
  let left = times;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    /** Correlation ids of what asked to join. */
    const joining = new Set<number>();
    passFrames(client, upstream, (frame) => {
      if (frame.readInt16BE(4) === JOIN_GROUP) joining.add(frame.readInt32BE(8));
    });
    passFrames(upstream, client, (frame) => {
      if (!joining.delete(frame.readInt32BE(4)) || left === 0) return;
      left -= 1;
      // Behind the size, the correlation id and the throttle time.
      frame.writeInt16BE(COORDINATOR_LOAD_IN_PROGRESS, 12);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** A frame is its size, four bytes long, and as many bytes. */
function passFrames(from: Socket, to: Socket, look: (frame: Buffer) => void): void {
  let received = Buffer.alloc(0);
  from.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
      const frame = received.subarray(0, 4 + received.readInt32BE(0));
      received = received.subarray(frame.length);
      look(frame);
      to.write(frame);
    }
  });
  for (const end of ['end', 'error', 'close'] as const) from.on(end, () => to.destroy());
}
