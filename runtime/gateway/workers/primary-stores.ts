import type { RegistrationChange, RegistrationExchange } from '../instances/registration-change.ts';
import type { RegistrationStore } from '../instances/registration-store.ts';
import type { RateLimitStore } from '../limits/rate-limit-store.ts';
import type { PrimaryCalls } from './calls.ts';
import type { Peer } from './peer.ts';

/** Counts at the primary process, for all workers together. */
export function countAtPrimary(primary: Peer<PrimaryCalls>): RateLimitStore {
  return {
    take: (key, windowMs) => primary.call('countRequest', { key, windowMs }),
    close: async () => undefined,
  };
}

/** Who is registered, as the primary process knows it for all workers. */
export interface PrimaryRegistrations {
  readonly store: RegistrationStore;
  /** What the primary process knew when this worker began. */
  begin(present: readonly RegistrationChange[]): void;
  /** What has happened at another worker. */
  apply(change: RegistrationChange): void;
  /** From now on the instances of this process do what happens at others. */
  follow(instances: RegistrationExchange): void;
}

export function registrationsOfPrimary(primary: Peer<PrimaryCalls>): PrimaryRegistrations {
  /** By plugin and base URL, until the instances know them; changes may come before. */
  const present = new Map<string, RegistrationChange>();
  let instances: RegistrationExchange | undefined;

  return {
    store: {
      current: () => [...present.values()],
      // Without the primary process, this one ends as well.
      record: (change) => void primary.call('recordRegistration', change).catch(() => undefined),
      close: async () => undefined,
    },
    begin(known) {
      for (const change of known) remember(change);
    },
    apply(change) {
      if (instances === undefined) remember(change);
      else instances.applyRegistration(change);
    },
    follow(followers) {
      instances = followers;
    },
  };

  function remember(change: RegistrationChange): void {
    const key = `${change.pluginId} ${change.baseUrl}`;
    if (change.kind === 'removed') present.delete(key);
    else present.set(key, { ...change, kind: 'registered' });
  }
}
