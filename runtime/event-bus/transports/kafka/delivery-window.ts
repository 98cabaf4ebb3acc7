/**
 * How much may be delivered and not settled. A partition is read in order, so that what waits behind an event that failed
 * must be held while others are read: it takes no room in the window, but memory, which is bounded by itself.
 */
export interface DeliveryWindow {
  readonly isFull: boolean;
  /** @param bytes that it takes, roughly */
  add(lane: string, bytes: number): WindowPlace;
}

/** Of one message, until it leaves. */
export interface WindowPlace {
  /** It waits for its next attempt, and so does everything behind it in its lane. */
  postpone(): void;
  leave(): void;
}

interface LaneShare {
  count: number;
  bytes: number;
  /** By the message at its head. */
  postponedBy: WindowPlace | undefined;
}

/**
 * @param size how many messages
 * @param mostHeld how many bytes of messages may be held that wait behind others
 */
export function createDeliveryWindow(size: number, mostHeld: number): DeliveryWindow {
  const lanes = new Map<string, LaneShare>();
  /** Messages of lanes that go on. */
  let open = 0;
  /** Bytes of lanes that wait. */
  let held = 0;

  return {
    get isFull() {
      return open >= size || held >= mostHeld;
    },
    add(lane, bytes) {
      const share = lanes.get(lane) ?? { count: 0, bytes: 0, postponedBy: undefined };
      lanes.set(lane, share);
      change(share, 1, bytes);
      const place: WindowPlace = {
        postpone() {
          if (share.postponedBy !== undefined) return;
          share.postponedBy = place;
          open -= share.count;
          held += share.bytes;
        },
        leave() {
          change(share, -1, -bytes);
          if (share.count === 0) lanes.delete(lane);
          if (share.postponedBy !== place) return;
          share.postponedBy = undefined;
          held -= share.bytes;
          open += share.count;
        },
      };
      return place;
    },
  };

  function change(share: LaneShare, count: number, bytes: number): void {
    share.count += count;
    share.bytes += bytes;
    if (share.postponedBy === undefined) open += count;
    else held += bytes;
  }
}
