import { describe, expect, it } from 'vitest';
import { createDeliveryWindow } from './delivery-window.ts';

describe('createDeliveryWindow', () => {
  it('is full with so many messages, until one leaves', () => {
    const window = createDeliveryWindow(2, 100);
    const first = window.add('acme', 1);
    window.add('globex', 1);
    expect(window.isFull).toBe(true);
    first.leave();
    expect(window.isFull).toBe(false);
  });

  it('gives the room of a lane that waits to others, and takes it back when it goes on', () => {
    const window = createDeliveryWindow(2, 100);
    const head = window.add('acme', 1);
    window.add('acme', 1);
    head.postpone();
    head.postpone();
    window.add('acme', 1);
    window.add('globex', 1);
    expect(window.isFull).toBe(false);
    // Two of acme, one of globex.
    head.leave();
    expect(window.isFull).toBe(true);
  });

  it('holds no more bytes than it may, whoever they are of', () => {
    const window = createDeliveryWindow(10, 100);
    const head = window.add('acme', 60);
    head.postpone();
    expect(window.isFull).toBe(false);
    const other = window.add('globex', 40);
    other.postpone();
    expect(window.isFull).toBe(true);
    other.leave();
    expect(window.isFull).toBe(false);
    head.leave();
    window.add('acme', 1_000);
    expect(window.isFull).toBe(false);
  });
});
