import type { FastifyBaseLogger } from 'fastify';
import { Pool } from 'undici';
import { GatewayError } from '../errors.ts';
import { type Candidate, chooseInstance } from './choose-instance.ts';
import type { Cancel, Clock } from './clock.ts';
import { guardedLookup } from './guarded-lookup.ts';
import { type HealthState, takesTraffic } from './health-state.ts';
import type { Instance, InstanceHealth } from './instance.ts';
import { type Monitor, type MonitorSettings, monitorInstance } from './monitor-instance.ts';

/** The instances of one plugin. */
export interface Fleet {
  choose(): Instance | undefined;
  report(): readonly InstanceHealth[];
  /** Adds a configured instance; one with the same base URL is not added twice. */
  configure(baseUrl: URL): void;
  /**
   * Adds an instance, or renews it, for `ttlMs`.
   *
   * @throws GatewayError `registration-forbidden` when there are too many
   */
  register(baseUrl: URL, ttlMs: number): Instance;
  /** Renews an instance; false where none has this base URL. */
  renew(baseUrl: URL, ttlMs: number): boolean;
  /** Takes registered instances out: all, or the one with this base URL. */
  deregister(baseUrl?: URL): { readonly removed: number; readonly kept: number };
  /** Has an instance checked soon. */
  suspect(instance: Instance): void;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly pluginId: string;
  readonly healthPath: string;
  readonly settings: MonitorSettings;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  readonly clock: Clock;
}

interface Member {
  readonly instance: Instance;
  readonly monitor: Monitor;
  cancelExpiry: Cancel | undefined;
}

/** A plugin cannot fill the gateway's memory with instances. */
const MOST_INSTANCES = 100;
const CONNECT_TIMEOUT = 5_000;

export function createFleet({ pluginId, healthPath, settings, log, clock }: FleetOptions): Fleet {
  /** By base URL. */
  const members = new Map<string, Member>();
  /** Pools of instances that are gone, whose last requests are still under way. */
  const leaving = new Set<Pool>();
  let candidates: readonly Candidate[] = [];
  let count = 0;
  let turn = 0;

  return {
    choose() {
      turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
      return chooseInstance(candidates, turn);
    },
    report: () => [...members.values()].map(reportOf),
    configure(url) {
      const baseUrl = tidy(url);
      if (!members.has(baseUrl.href)) add(baseUrl, true);
    },
    register(url, ttlMs) {
      const baseUrl = tidy(url);
      const known = members.get(baseUrl.href);
      known?.monitor.checkSoon();
      const member = known ?? add(baseUrl, false);
      expireIn(ttlMs, member);
      if (known === undefined)
        log.info({ pluginId, instance: member.instance.id }, 'an instance has registered');
      return member.instance;
    },
    renew(url, ttlMs) {
      const member = members.get(tidy(url).href);
      if (member === undefined) return false;
      expireIn(ttlMs, member);
      return true;
    },
    deregister(url) {
      const href = url === undefined ? undefined : tidy(url).href;
      const meant = [...members.values()].filter(
        ({ instance }) => href === undefined || instance.baseUrl.href === href,
      );
      const goers = meant.filter(({ instance }) => !instance.configured);
      for (const member of goers) remove(member, 'its plugin took it out');
      return { removed: goers.length, kept: meant.length - goers.length };
    },
    suspect({ baseUrl }) {
      members.get(baseUrl.href)?.monitor.checkSoon();
    },
    async stop() {
      candidates = [];
      const ending = [...members.values()].map(async ({ instance, monitor, cancelExpiry }) => {
        cancelExpiry?.();
        await Promise.all([monitor.stop(), instance.dispatcher.destroy()]);
      });
      members.clear();
      await Promise.all([...ending, ...[...leaving].map((pool) => pool.destroy())]);
    },
  };

  function add(baseUrl: URL, configured: boolean): Member {
    if (!configured && members.size >= MOST_INSTANCES) {
      throw new GatewayError(
        'registration-forbidden',
        `${pluginId} has ${MOST_INSTANCES} instances, which is the most: take one out first`,
      );
    }
    count += 1;
    const instance: Instance = {
      id: `${pluginId}-${count}`,
      pluginId,
      baseUrl,
      basePath: baseUrl.pathname === '/' ? '' : baseUrl.pathname,
      dispatcher: new Pool(baseUrl.origin, {
        connect: { lookup: guardedLookup(), timeout: CONNECT_TIMEOUT },
      }),
      configured,
    };
    const monitor = monitorInstance({
      instance,
      healthPath,
      settings,
      clock,
      onChange: (from, to) => changed(instance, from, to),
    });
    const member = { instance, monitor, cancelExpiry: undefined };
    members.set(baseUrl.href, member);
    return member;
  }

  function expireIn(ttlMs: number, member: Member): void {
    if (member.instance.configured) return;
    member.cancelExpiry?.();
    member.cancelExpiry = clock.after(ttlMs, () => remove(member, `no heartbeat came for ${ttlMs / 1000} s`));
  }

  /** It gets no more traffic; what is under way may end. */
  function remove({ instance, monitor, cancelExpiry }: Member, reason: string): void {
    cancelExpiry?.();
    members.delete(instance.baseUrl.href);
    candidates = candidatesOf(members.values());
    void monitor.stop();
    leaving.add(instance.dispatcher);
    const gone = () => leaving.delete(instance.dispatcher);
    instance.dispatcher.close().then(gone, gone);
    log.info({ pluginId, instance: instance.id, reason }, `an instance is gone: ${reason}`);
  }

  function changed({ id }: Instance, from: HealthState, to: HealthState): void {
    candidates = candidatesOf(members.values());
    const event = { pluginId, instance: id, from: from.state, to: to.state, reason: to.reason };
    const words = `${id} was ${from.state} and is ${to.state}${to.reason === undefined ? '' : `: ${to.reason}`}`;
    if (to.state === 'HEALTHY') log.info(event, words);
    else log.warn(event, words);
  }
}

function candidatesOf(members: Iterable<Member>): Candidate[] {
  return [...members]
    .filter(({ monitor }) => takesTraffic(monitor.health.state))
    .map(({ instance, monitor }) => ({ instance, degraded: monitor.health.state === 'DEGRADED' }));
}

function reportOf({ instance, monitor: { health, lastCheck } }: Member): InstanceHealth {
  return {
    id: instance.id,
    state: health.state,
    ...(health.reason === undefined ? {} : { reason: health.reason }),
    source: instance.configured ? 'configured' : 'registered',
    ...(lastCheck === undefined
      ? {}
      : { checkedAt: new Date(lastCheck.at).toISOString(), latencyMs: lastCheck.latencyMs }),
  };
}

/** One spelling per base URL: no slash at the end of its path, no query, no fragment. */
function tidy(url: URL): URL {
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}
