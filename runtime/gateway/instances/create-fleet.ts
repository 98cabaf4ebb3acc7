import type { FastifyBaseLogger } from 'fastify';
import { GatewayError } from '../errors.ts';
import { type AttemptSurroundings, beginAttempt } from './attempt.ts';
import { chooseInstance } from './choose-instance.ts';
import type { CircuitState } from './circuit.ts';
import type { Clock } from './clock.ts';
import type { Fleet, FleetPlan } from './fleet.ts';
import { type HealthState, takesTraffic } from './health-state.ts';
import type { Instance } from './instance.ts';
import { connectionsOf } from './instance-connections.ts';
import { createMember, isChecked, isWanted, type Member, poolsOf, reportOf, serves } from './member.ts';
import { createRetryBudget } from './retry-budget.ts';

export interface FleetOptions {
  readonly pluginId: string;
  /** Its instances are added when it is followed. */
  readonly plan: FleetPlan;
  /** Such as `plugin-crm-1`; never the same twice. */
  readonly nextId: () => string;
  /** Called when an instance is another one, in another state, or for another reason. */
  readonly onChange: () => void;
  readonly suffersFromOthers: AttemptSurroundings['suffersFromOthers'];
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  readonly clock: Clock;
}

/** A plugin cannot fill the gateway's memory with instances. */
const MOST_INSTANCES = 100;

export function createFleet(options: FleetOptions): Fleet {
  const { pluginId, nextId, onChange, suffersFromOthers, log, clock } = options;
  let { plan } = options;
  /** By base URL. */
  const members = new Map<string, Member>();
  /** Instances that are gone, whose last requests are still under way. */
  const leaving = new Map<Member, Promise<void>>();
  const budget = createRetryBudget(plan.retryBudget, clock);
  const surroundings: AttemptSurroundings = {
    suspect: ({ baseUrl }) => members.get(baseUrl.href)?.monitor.checkSoon(),
    suffersFromOthers,
  };
  let candidates: readonly Member[] = [];
  let followed = false;
  let everChecked = false;
  let turn = 0;

  return {
    choose: (tried) => pick(tried)?.instance,
    isAvailable: () => candidates.some(({ admits }) => admits),
    begin(tried) {
      const member = pick(tried);
      if (member === undefined) return undefined;
      if (tried === undefined) budget.earn();
      return beginAttempt(member, surroundings);
    },
    mayRetry: budget.spend,
    untilProbe() {
      const waits = [...members.values()]
        .filter(({ monitor, circuit }) => takesTraffic(monitor.health.state) && !circuit.admits)
        .map(({ circuit }) => circuit.wait);
      return waits.length === 0 ? undefined : Math.min(...waits);
    },
    report: () => [...members.values()].map(reportOf),
    connections: () => [...members.values()].map(({ instance, closing }) => connectionsOf(instance, closing)),
    isChecked: noteChecked,
    follow(next) {
      noteChecked();
      plan = next;
      followed = true;
      budget.follow(plan.retryBudget);
      const urls = plan.urls.map(tidy);
      const named = new Set(urls.map(({ href }) => href));
      const ended = [...members.values()].filter(
        ({ instance, cancelExpiry }) => cancelExpiry !== undefined && !plan.mayRegister(instance.baseUrl),
      );
      for (const member of ended) endRegistration(member);
      for (const member of members.values()) {
        member.configured = named.has(member.instance.baseUrl.href);
        member.monitor.follow(plan);
        member.circuit.follow(plan.circuit);
      }
      for (const baseUrl of urls) {
        if (!members.has(baseUrl.href)) add(baseUrl, true);
      }
      dismiss();
      return ended.map(({ instance }) => instance.baseUrl);
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
      if (member !== undefined) expireIn(ttlMs, member);
      return member?.instance;
    },
    deregister(url) {
      const href = url === undefined ? undefined : tidy(url).href;
      const meant = [...members.values()].filter(
        ({ instance }) => href === undefined || instance.baseUrl.href === href,
      );
      const ended = meant.filter(({ cancelExpiry }) => cancelExpiry !== undefined);
      for (const member of ended) endRegistration(member);
      const goers = ended.filter(({ configured }) => !configured);
      for (const member of goers) remove(member, 'its plugin took it out');
      return {
        removed: goers.length,
        kept: meant.filter(({ configured }) => configured).length,
        ended: ended.map(({ instance }) => instance.baseUrl),
      };
    },
    async retire() {
      for (const member of [...members.values()]) remove(member, 'the route table no longer has its plugin');
      await Promise.all([...leaving.values()]);
    },
    async stop() {
      candidates = [];
      const ending = [...members.values()].map(async (member) => {
        member.cancelExpiry?.();
        member.circuit.stop();
        await Promise.all([member.monitor.stop(), ...poolsOf(member).map((pool) => pool.destroy())]);
      });
      members.clear();
      const pools = [...leaving.keys()].flatMap(poolsOf);
      await Promise.all([...ending, ...pools.map((pool) => pool.destroy())]);
    },
  };

  /** Once all are checked, an instance that a reload adds does not make the gateway unready. */
  function noteChecked(): boolean {
    everChecked ||=
      followed && [...members.values()].every((member) => !member.configured || isChecked(member));
    return everChecked;
  }

  function add(baseUrl: URL, configured: boolean): Member {
    if (!configured && members.size >= MOST_INSTANCES) {
      throw new GatewayError(
        'registration-forbidden',
        `${pluginId} has ${MOST_INSTANCES} instances, which is the most: take one out first`,
      );
    }
    const member = createMember({
      id: nextId(),
      pluginId,
      baseUrl,
      configured,
      plan,
      clock,
      onHealth: changed,
      onCircuit: circuitChanged,
    });
    members.set(baseUrl.href, member);
    onChange();
    return member;
  }

  function expireIn(ttlMs: number, member: Member): void {
    member.cancelExpiry?.();
    member.cancelExpiry = clock.after(ttlMs, () => {
      endRegistration(member);
      if (!member.configured) remove(member, `no heartbeat came for ${ttlMs / 1000} s`);
    });
  }

  function endRegistration(member: Member): void {
    member.cancelExpiry?.();
    member.cancelExpiry = undefined;
  }

  /** Takes out whom neither plexica.yaml nor a registration keeps, unless those who stay are yet to be checked. */
  function dismiss(): void {
    const stayers = [...members.values()].filter(isWanted);
    const expecting = stayers.some((member) => !isChecked(member));
    if (expecting && !stayers.some(({ monitor }) => takesTraffic(monitor.health.state))) return;
    for (const member of [...members.values()]) {
      if (!isWanted(member)) remove(member, 'plexica.yaml no longer names or allows it');
    }
  }

  /** It gets no more traffic; what is under way may end. */
  function remove(member: Member, reason: string): void {
    const { instance, monitor, circuit, cancelExpiry } = member;
    cancelExpiry?.();
    circuit.stop();
    members.delete(instance.baseUrl.href);
    candidates = [...members.values()].filter(serves);
    void monitor.stop();
    const gone = () => void leaving.delete(member);
    leaving.set(member, Promise.all(poolsOf(member).map((pool) => pool.close())).then(gone, gone));
    log.info({ pluginId, instance: instance.id, reason }, `an instance is gone: ${reason}`);
    onChange();
  }

  function pick(tried: readonly Instance[] | undefined): Member | undefined {
    turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
    return chooseInstance(candidates, turn, tried);
  }

  function circuitChanged({ instance: { id }, circuit }: Member, from: CircuitState): void {
    candidates = [...members.values()].filter(serves);
    onChange();
    const { state, reason } = circuit;
    const event = { pluginId, instance: id, circuit: state, reason };
    if (state === 'closed') log.info(event, `the circuit of ${id} was ${from} and is closed`);
    else log.warn(event, `the circuit of ${id} was ${from} and is ${state}: ${reason}`);
  }

  function changed(member: Member, from: HealthState, to: HealthState): void {
    const { circuit } = member;
    const { id } = member.instance;
    candidates = [...members.values()].filter(serves);
    if (takesTraffic(from.state) && !takesTraffic(to.state)) member.dropIdle();
    // It was away and is back: perhaps another process, of which the circuit knows nothing yet.
    if (!takesTraffic(from.state) && takesTraffic(to.state)) circuit.probeSoon();
    onChange();
    dismiss();
    if (from.state === to.state) return;
    const event = { pluginId, instance: id, from: from.state, to: to.state, reason: to.reason };
    const words = `${id} was ${from.state} and is ${to.state}${to.reason === undefined ? '' : `: ${to.reason}`}`;
    if (to.state === 'HEALTHY') log.info(event, words);
    else log.warn(event, words);
  }
}

/** One spelling per base URL: no slash at the end of its path, no query, no fragment. */
function tidy(url: URL): URL {
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}
