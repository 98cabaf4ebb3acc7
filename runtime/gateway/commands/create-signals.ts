import type { Io } from './command.ts';

/** What signals are for. */
export interface Operated {
  reload(): Promise<unknown>;
  /** With the configured time for requests under way, unless another is stated. May be called again, with less. */
  stop(grace?: number): Promise<void>;
}

export interface Signals {
  /** Has the signals obeyed, those that came before among them. Resolves when the gateway has stopped. */
  obey(gateway: Operated): Promise<void>;
}

/** Of a signal that comes more than once: a terminal sends Ctrl-C to a whole group, and programs pass it on. In milliseconds. */
const SAME_WISH = 250;

/**
 * The first SIGINT or SIGTERM ends the gateway when requests under way have ended; the second one at once. SIGHUP
 * reloads it.
 *
 * @param now in milliseconds
 */
export function createSignals(io: Pick<Io, 'onSignal'>, now: () => number): Signals {
  const operated = Promise.withResolvers<Operated>();
  const stopped = Promise.withResolvers<void>();
  let stopWishedAt: number | undefined;
  io.onSignal(async (wish) => {
    if (wish === 'reload') {
      const gateway = await operated.promise;
      if (stopWishedAt === undefined) await gateway.reload();
      return;
    }
    const first = stopWishedAt;
    if (first !== undefined && now() - first < SAME_WISH) return;
    stopWishedAt ??= now();
    const gateway = await operated.promise;
    gateway.stop(first === undefined ? undefined : 0).then(stopped.resolve, stopped.reject);
  });
  return {
    async obey(gateway) {
      operated.resolve(gateway);
      await stopped.promise;
    },
  };
}
