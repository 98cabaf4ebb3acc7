import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.ts';

/** Work that ends when it is told to. */
function world() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const lanes = createLanes<string>((work) => {
    begun.push(work);
    return new Promise((resolve) => ends.set(work, resolve));
  });
  const end = async (work: string) => {
    ends.get(work)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { lanes, begun, end };
}

describe('createLanes', () => {
  it('does one after the other within a lane, and lanes side by side', async () => {
    const { lanes, begun, end } = world();
    for (const work of ['a1', 'a2', 'b1', 'b2']) lanes.add(work.slice(0, 1), work);

    expect(begun).toEqual(['a1', 'b1']);
    await end('b1');
    expect(begun).toEqual(['a1', 'b1', 'b2']);
    await end('a1');
    expect(begun).toEqual(['a1', 'b1', 'b2', 'a2']);
    expect(lanes.size).toBe(2);
  });

  it('begins nothing while paused, and is idle when nothing is under way', async () => {
    const { lanes, begun, end } = world();
    lanes.add('a', 'a1');
    lanes.add('a', 'a2');
    lanes.pause();
    const idle = lanes.idle();
    await end('a1');
    await idle;
    expect(begun).toEqual(['a1']);
    lanes.resume();
    expect(begun).toEqual(['a1', 'a2']);
    await end('a2');
    await lanes.idle();
    expect(lanes.size).toBe(0);
  });

  it('tells who waits for idleness when it is paused meanwhile', async () => {
    const { lanes, end } = world();
    lanes.add('a', 'a1');
    lanes.add('a', 'a2');
    const idle = lanes.idle();
    lanes.pause();
    await end('a1');

    await expect(idle).resolves.toBeUndefined();
  });

  it('forgets what waits when it is cleared, and waits for what is under way', async () => {
    const { lanes, begun, end } = world();
    for (const work of ['a1', 'a2', 'b1']) lanes.add(work.slice(0, 1), work);
    let cleared = false;
    const clearing = lanes.clear().then(() => {
      cleared = true;
    });
    await end('a1');
    expect(cleared).toBe(false);
    await end('b1');
    await clearing;
    expect(begun).toEqual(['a1', 'b1']);
    expect(lanes.size).toBe(0);
    lanes.add('a', 'a3');
    expect(begun).toContain('a3');
  });
});
