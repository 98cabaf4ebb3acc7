import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../instances/clock.ts';
import { fetchKeySet } from './fetch-key-set.ts';

export interface RemoteKeySetOptions {
  readonly clock: Pick<Clock, 'now' | 'random'>;
  readonly log: { warn(message: string): void };
}

/** Times in milliseconds. */
const TIMES = {
  /** Keys older than this are fetched anew in the background. */
  refreshAfter: 480_000,
  /** Older ones verify nothing before they were asked for again: the provider may have taken one back long ago. */
  maxAge: 600_000,
  /** After a fetch, the next one for an unknown `kid` waits so long, and twice as long after each that finds nothing new. */
  cooldown: 1000,
  maxCooldown: 30_000,
  /** Fetches that are further apart are not counted against each other. */
  cooledDown: 60_000,
  /** After a fetch that failed, the bound of the wait before the next one, doubled by each that fails again. */
  backOff: 500,
  maxBackOff: 30_000,
} as const;

/**
 * One key set for each address, however often the configuration is read: after a reload, keys that were fetched
 * before still verify when the provider is down.
 */
export function createRemoteKeySets(options: RemoteKeySetOptions): (uri: URL) => JWTVerifyGetKey {
  const byAddress = new Map<string, JWTVerifyGetKey>();
  return (uri) => {
    const known = byAddress.get(uri.href) ?? createRemoteKeySet(uri, options);
    byAddress.set(uri.href, known);
    return known;
  };
}

/**
 * The keys that an identity provider publishes. They are fetched when they are first needed, and again when a token
 * names one that is not there. While the provider is down, keys that were fetched before go on to verify, and it is
 * asked less and less often.
 *
 * The function rejects with an error of jose's for a token without a key, and with a GatewayError
 * `identity-unavailable` where the keys cannot be had.
 */
export function createRemoteKeySet(uri: URL, { clock, log }: RemoteKeySetOptions): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let text = '';
  let fetchedAt = Number.NEGATIVE_INFINITY;
  /** Not before this is the provider asked again. */
  let next = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let cooldown: number = TIMES.cooldown;
  let fetching: Promise<void> | undefined;

  return async (header, token) => {
    const present = keys;
    if (present === undefined) {
      await fetchInTurn();
    } else {
      const age = clock.now() - fetchedAt;
      // Nobody waits for a provider that was down already.
      if (age >= TIMES.maxAge && failures === 0) await fetchInTurn();
      else if (age >= TIMES.refreshAfter) void fetchInTurn();
      try {
        return await (keys ?? present)(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw faultOf(error);
        await fetchInTurn();
      }
    }
    if (keys === undefined) throw unavailable();
    try {
      return await keys(header, token);
    } catch (error) {
      // Whether the provider has this key by now cannot be known.
      if (error instanceof errors.JWKSNoMatchingKey && failures > 0) throw unavailable(error);
      throw faultOf(error);
    }
  };

  /** Shared by everybody who waits for keys; nothing at all where it is too early to ask again. Never rejects. */
  async function fetchInTurn(): Promise<void> {
    if (fetching === undefined && clock.now() < next) return;
    fetching ??= fetchNow().finally(() => {
      fetching = undefined;
    });
    await fetching;
  }

  async function fetchNow(): Promise<void> {
    try {
      const latest = await fetchKeySet(uri);
      const isIdle = latest === text && clock.now() - fetchedAt < TIMES.cooledDown;
      cooldown = isIdle ? Math.min(2 * cooldown, TIMES.maxCooldown) : TIMES.cooldown;
      if (latest !== text) keys = createLocalJWKSet(keySetOf(latest));
      text = latest;
      if (failures > 0) log.warn('the keys of identity.jwt.jwksUri are there again');
      failures = 0;
      fetchedAt = clock.now();
      next = fetchedAt + cooldown;
    } catch (error) {
      failures += 1;
      const bound = Math.min(TIMES.backOff * 2 ** (failures - 1), TIMES.maxBackOff);
      next = clock.now() + bound * (0.5 + 0.5 * clock.random());
      // Once for each time that it goes down.
      if (failures === 1) log.warn(wordsFor(error));
    }
  }

  function wordsFor(error: unknown): string {
    const then =
      keys === undefined
        ? 'tokens of users cannot be checked'
        : 'the keys that were fetched before go on to verify';
    // The log hides addresses.
    return `the keys of identity.jwt.jwksUri cannot be fetched: ${reasonOf(error)}; ${then}`;
  }

  /** What is left beside a fault of the token is one of the published keys. */
  function faultOf(error: unknown): unknown {
    const isOfToken =
      error instanceof errors.JWKSNoMatchingKey ||
      error instanceof errors.JWKSMultipleMatchingKeys ||
      error instanceof errors.JOSENotSupported;
    return isOfToken ? error : unavailable(error);
  }

  function unavailable(cause?: unknown): GatewayError {
    const seconds = Math.max(1, Math.ceil((next - clock.now()) / 1000));
    return new GatewayError(
      'identity-unavailable',
      'tokens cannot be checked now: the identity provider does not answer',
      { headers: { 'retry-after': String(seconds) }, cause },
    );
  }
}

/** A set without a key is taken for a fault: it would turn every user away. */
function keySetOf(text: string): JSONWebKeySet {
  const set: unknown = JSON.parse(text);
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('the answer holds no keys');
  // `createLocalJWKSet` checks that each is an object, and a key that is used is checked then.
  return { keys };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's fetch says why in its cause.
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
