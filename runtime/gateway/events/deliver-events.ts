import type { EventStore, HeldLane, Lane, Use } from './store/event-store.ts';

/** The messages of one stream: lanes are claimed, read, and given back when nothing is under way in them. */
export interface Delivery {
  /** Of this stream, as a holder of lanes. */
  readonly holder: string;
  readonly group: string;
  /**
   * Looks what was settled, lost and published, and delivers what may be.
   *
   * @returns whether there may be more for it: other streams of its group come in between
   */
  pump(): boolean;
  /** Delivers nothing more for now: the other side cannot take it. */
  pause(): void;
  resume(): void;
  /**
   * Gives everything back; what is not settled goes to another stream.
   *
   * @param use `unused` where the stream ends for no reason of its reader's
   */
  stop(use: Use): void;
}

export interface DeliveryOptions {
  readonly store: EventStore;
  readonly holder: string;
  readonly group: string;
  /** What its reader handles. */
  readonly names: readonly string[];
  /** What its group wants, where that is more: a lane whose next message is of these waits for another stream. */
  readonly wanted?: readonly string[];
  /** How many messages may be delivered and not settled. */
  readonly window: number;
  readonly deliver: (message: DeliveredMessage) => void;
}

export interface DeliveredMessage {
  readonly seq: number;
  /** `acme plugin-crm` */
  readonly lane: string;
  readonly redeliveries: number;
  /** The CloudEvent as JSON, on one line. */
  readonly body: string;
}

/** How many messages of one lane may be under way. */
const MOST_PER_LANE = 50;
/** And which part of the window: a lane whose messages fail keeps its part for long. */
const LANES_AT_LEAST = 20;
/** How many lanes are claimed before other streams have their turn. */
const MOST_CLAIMS = 16;

interface OpenLane extends Lane {
  /** Delivered up to here. */
  cursor: number;
  latest: number;
  /** Of the first message. */
  redeliveries: number;
  /** Delivered and not settled, in order. */
  readonly underWay: Set<number>;
}

/**
 * No lane keeps others waiting: what is free in the window goes to waiting lanes first, and a lane with nothing under way
 * is given back and waits for its next turn behind them.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { store, holder, group, names, wanted = names, window, deliver } = options;
  const handled = new Set(names);
  const partial = wanted.every((name) => handled.has(name)) ? undefined : { wanted, handled: names };
  const lanes = new Map<string, OpenLane>();
  const mostPerLane = Math.min(MOST_PER_LANE, Math.max(2, Math.floor(window / LANES_AT_LEAST)));
  let free = window;
  let paused = false;
  let stopped = false;

  return {
    holder,
    group,
    pump,
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      pump();
    },
    stop(use) {
      stopped = true;
      lanes.clear();
      store.closeStream(holder, use);
    },
  };

  function pump(): boolean {
    if (stopped) return false;
    look();
    const more = claimMore();
    for (const lane of lanes.values()) {
      if (lane.latest > lane.cursor) fill(lane, mostPerLane - lane.underWay.size);
    }
    return more;
  }

  /** Where the lanes stand by now. One that this stream lost is forgotten: its messages are another's. */
  function look(): void {
    if (lanes.size === 0) return;
    const held = new Map<string, HeldLane>(store.held(holder).map((lane) => [keyOf(lane), lane]));
    for (const [key, lane] of lanes) {
      const now = held.get(key);
      const settled = now?.settled ?? Number.POSITIVE_INFINITY;
      for (const seq of lane.underWay) {
        if (seq > settled) break;
        lane.underWay.delete(seq);
        free += 1;
      }
      if (now === undefined) lanes.delete(key);
      else if (lane.underWay.size === 0) giveBack(lane, 'used');
      else lane.latest = now.latest;
    }
  }

  function claimMore(): boolean {
    if (paused || free <= 0) return false;
    const claims = store.claim(group, holder, Math.min(MOST_CLAIMS, free), partial);
    if (claims.length === 0) return false;
    const share = Math.min(mostPerLane, Math.max(1, Math.floor(free / claims.length)));
    const latest = new Map(store.held(holder).map((lane) => [keyOf(lane), lane.latest]));
    for (const { settled, ...claim } of claims) {
      const key = keyOf(claim);
      const lane = {
        ...claim,
        cursor: settled,
        latest: latest.get(key) ?? settled,
        underWay: new Set<number>(),
      };
      lanes.set(key, lane);
      fill(lane, share);
      if (lane.underWay.size > 0) continue;
      // Nothing that the group wants is left in it, or the other side takes nothing more for now.
      if (!paused) store.finish(group, holder, lane, wanted);
      giveBack(lane, 'unused');
    }
    return true;
  }

  function fill(lane: OpenLane, share: number): void {
    const most = Math.min(share, free);
    if (paused || most <= 0) return;
    const { cursor: after, latest: upTo } = lane;
    let read = 0;
    for (const { seq, name, body } of store.read(group, lane, wanted, { after, upTo, most })) {
      if (!handled.has(name)) return;
      read += 1;
      lane.cursor = seq;
      lane.underWay.add(seq);
      free -= 1;
      deliver({ seq, lane: keyOf(lane), redeliveries: lane.redeliveries, body });
      lane.redeliveries = 0;
      if (paused) return;
    }
    if (read < most) lane.cursor = upTo;
  }

  function giveBack(lane: OpenLane, use: Use): void {
    lanes.delete(keyOf(lane));
    store.release(group, holder, lane, use);
  }
}

/** A source has no space in it. */
function keyOf({ tenant, source }: Lane): string {
  return `${tenant} ${source}`;
}
