import { createExpiringCache } from './expiring-cache.ts';

/** What was found out about tokens. Each is verified once, however often, and by however many at once, it is shown. */
export interface Verifications<V> {
  /**
   * What a token stands for; undefined for a wrong one.
   *
   * @param verify is called unless the answer is known, or somebody waits for it already; its errors are not remembered
   */
  of(token: string, verify: () => Promise<Verified<V> | undefined>): Promise<V | undefined>;
  /** Nothing is known any more. What is being verified now is not remembered. */
  forget(): void;
}

export interface Verified<V> {
  readonly value: V;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** How many right ones, and how many wrong ones, are remembered. They do not drive each other out. */
const RIGHT = 10_000;
const WRONG = 1000;
/** How long a wrong one is taken for wrong, in milliseconds: it may be right in a moment, with a key not yet known. */
const WRONG_FOR = 2000;

/** @param now milliseconds since 1970 */
export function createVerifications<V>(now: () => number): Verifications<V> {
  let era = createEra<V>(now);
  return {
    async of(token, verify) {
      const { right, wrong, pending } = era;
      const known = right.get(token);
      if (known !== undefined) return known;
      if (wrong.get(token) !== undefined) return undefined;
      const shared = pending.get(token);
      if (shared !== undefined) return await shared;

      const verifying = verify()
        .then((verified) => {
          if (verified === undefined) wrong.set(token, true, now() + WRONG_FOR);
          else right.set(token, verified.value, verified.expiresAt);
          return verified?.value;
        })
        .finally(() => pending.delete(token));
      pending.set(token, verifying);
      return await verifying;
    },
    forget() {
      era = createEra(now);
    },
  };
}

function createEra<V>(now: () => number) {
  return {
    right: createExpiringCache<V>(RIGHT, now),
    wrong: createExpiringCache<true>(WRONG, now),
    pending: new Map<string, Promise<V | undefined>>(),
  };
}
