import type { GatewayConfig, LimitsConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../errors.ts';
import { type Clock, systemClock } from '../instances/clock.ts';
import { createFairQueue, type FairQueue } from './fair-queue.ts';

/** Keeps plugins apart: one that is slow holds its own places, and nobody else's. */
export interface Isolation {
  /**
   * Takes a place at a plugin, at once where one is free; else it waits for one. The place is given back when the
   * client's side closes, whichever way that comes about; so is a place in the queue.
   *
   * @param limits may be others at each call: they follow a reload
   * @param tenantId tenants take turns in the queue; undefined for requests without one
   * @param client a response, or a socket: what closes when the request is over
   * @throws GatewayError `plugin-busy`, `client-gone`
   */
  enter(
    pluginId: string,
    limits: LimitsConfig,
    tenantId: string | undefined,
    client: Closing,
  ): Promise<void> | undefined;
  /** Plugins that have had requests, in order of their first one. */
  report(): readonly IsolationReport[];
}

/** A Writable of Node, as far as it matters here. */
export interface Closing {
  readonly closed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

export interface IsolationReport {
  readonly pluginId: string;
  /** Requests that have a place. */
  readonly inFlight: number;
  /** Requests that wait for one. */
  readonly waiting: number;
}

/** What holds for a plugin in this process: workers share the places between them. */
export function limitsOf(config: GatewayConfig, pluginId: string): LimitsConfig {
  const limits = config.upstreams.get(pluginId)?.limits ?? config.limits;
  if (config.workers === 1) return limits;
  const share = (places: number) => Math.ceil(places / config.workers);
  return { ...limits, maxConcurrent: share(limits.maxConcurrent), maxQueue: share(limits.maxQueue) };
}

export function createIsolation(clock: Pick<Clock, 'after'> = systemClock): Isolation {
  const places = new Map<string, Places>();

  return {
    enter(pluginId, limits, tenantId, client) {
      const at = placesOf(pluginId);
      if (client.closed) throw clientGone();
      // Those who wait come first, also where a reload has just made more room.
      if (at.queue.length > 0) admitWaiting(at, limits.maxConcurrent);
      if (at.queue.length === 0 && at.inFlight < limits.maxConcurrent) {
        take(at, client);
        return undefined;
      }
      return wait(at, pluginId, limits, tenantId, client);
    },
    report: () =>
      [...places].map(([pluginId, { inFlight, queue }]) => ({ pluginId, inFlight, waiting: queue.length })),
  };

  function placesOf(pluginId: string): Places {
    const known = places.get(pluginId);
    if (known !== undefined) return known;
    const made: Places = {
      inFlight: 0,
      maxConcurrent: 0,
      queue: createFairQueue(),
      leave: () => leave(made),
    };
    places.set(pluginId, made);
    return made;
  }

  function wait(
    at: Places,
    pluginId: string,
    limits: LimitsConfig,
    tenantId: string | undefined,
    client: Closing,
  ): Promise<void> {
    at.maxConcurrent = limits.maxConcurrent;
    return new Promise((resolve, reject) => {
      const settle = () => {
        cancel();
        client.off('close', gone);
      };
      const waiter: Waiter = {
        tenantId: tenantId ?? '',
        admit() {
          settle();
          take(at, client);
          resolve();
        },
        refuse() {
          settle();
          reject(busy(pluginId, limits));
        },
      };
      const gone = () => {
        at.queue.remove(waiter);
        settle();
        reject(clientGone());
      };
      const cancel = clock.after(limits.queueTimeout, () => {
        at.queue.remove(waiter);
        waiter.refuse();
      });
      client.once('close', gone);
      at.queue.add(waiter, limits.maxQueue)?.refuse();
    });
  }
}

/** The places of one plugin. */
interface Places {
  inFlight: number;
  /** As the last one who had to wait was told. */
  maxConcurrent: number;
  readonly queue: FairQueue<Waiter>;
  /** Made once, so that taking a place makes nothing. */
  readonly leave: () => void;
}

interface Waiter {
  readonly tenantId: string;
  admit(): void;
  refuse(): void;
}

function take(at: Places, client: Closing): void {
  at.inFlight += 1;
  client.once('close', at.leave);
}

function leave(at: Places): void {
  at.inFlight -= 1;
  if (at.queue.length > 0) admitWaiting(at, at.maxConcurrent);
}

function admitWaiting(at: Places, maxConcurrent: number): void {
  while (at.inFlight < maxConcurrent) {
    const next = at.queue.next();
    if (next === undefined) return;
    next.admit();
  }
}

function busy(pluginId: string, { maxConcurrent, queueTimeout }: LimitsConfig): GatewayError {
  const requests = maxConcurrent === 1 ? '1 request is' : `${maxConcurrent} requests are`;
  return new GatewayError(
    'plugin-busy',
    `${pluginId} is busy: ${requests} under way at it, which is all that it may have; try again later`,
    { headers: { 'retry-after': String(Math.max(1, Math.ceil(queueTimeout / 1000))) } },
  );
}

function clientGone(): GatewayError {
  return new GatewayError('client-gone', 'the client went away');
}
