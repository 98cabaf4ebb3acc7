import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { connectPeer, type Endpoint } from './peer.ts';

interface Sums {
  add(numbers: { readonly a: number; readonly b: number }): Promise<number>;
  fail(): Promise<void>;
  wait(): Promise<void>;
}

/** Two ends, between which everything becomes text, as between processes. */
function channel(): { readonly left: Endpoint; readonly right: Endpoint; close(): void } {
  const bus = new EventEmitter();
  const end = (own: string, other: string): Endpoint => ({
    send: (message) => void setImmediate(() => bus.emit(other, JSON.parse(JSON.stringify(message)))),
    onMessage: (listener) => void bus.on(own, listener),
    onClose: (listener) => void bus.on('close', listener),
  });
  return { left: end('left', 'right'), right: end('right', 'left'), close: () => void bus.emit('close') };
}

function connected() {
  const { left, right, close } = channel();
  connectPeer<object, Sums>(right, {
    add: async ({ a, b }) => a + b,
    async fail() {
      throw new Error('no');
    },
    wait: () => new Promise(() => undefined),
  });
  return { peer: connectPeer<Sums, object>(left, {}), close };
}

it('calls the other side, and tells answers apart', async () => {
  const { peer } = connected();
  const sums = await Promise.all([1, 2, 3].map((b) => peer.call('add', { a: 10, b })));
  expect(sums).toEqual([11, 12, 13]);
});

it('fails in the words of the other side', async () => {
  const { peer } = connected();
  await expect(peer.call('fail')).rejects.toThrow('no');
});

it('fails when the other side goes away, and afterwards', async () => {
  const { peer, close } = connected();
  const waiting = peer.call('wait');
  close();
  await expect(waiting).rejects.toThrow('the other process is gone');
  await expect(peer.call('add', { a: 1, b: 2 })).rejects.toThrow('the other process is gone');
});
