import type { FastifyBaseLogger } from 'fastify';
import type { Setup } from '../create-context.ts';
import { SetupError } from '../errors.ts';
import { fingerprintOf } from '../operations/compare-setups.ts';
import { type PreparedReload, whyRefused } from '../operations/reloader.ts';
import { withStartingSettings } from '../operations/starting-settings.ts';
import { createGateway, type Gateway } from '../server.ts';
import type { Beginning, PrepareOutcome, PrimaryCalls, WorkerCalls } from './calls.ts';
import { connectPeer } from './peer.ts';
import { countAtPrimary, registrationsOfPrimary } from './primary-stores.ts';
import type { PrimaryProcess } from './worker-process.ts';

export interface WorkerOptions {
  /** Reads configuration and table. */
  readonly read: () => Promise<Setup>;
  readonly createLog: (setup: Setup) => FastifyBaseLogger;
}

/**
 * Serves as one of several processes, until the primary process says that it is enough.
 *
 * @returns the exit code
 */
export async function runWorker(
  process: PrimaryProcess,
  { read, createLog }: WorkerOptions,
): Promise<number> {
  const begun = Promise.withResolvers<Beginning>();
  const made = Promise.withResolvers<Gateway>();
  const stopped = Promise.withResolvers<void>();
  let prepared: PreparedReload | undefined;
  const primary = connectPeer<PrimaryCalls, WorkerCalls>(process, {
    async begin(beginning) {
      // At once: changes may be right behind it.
      registrations.begin(beginning.registrations);
      begun.resolve(beginning);
    },
    async prepareReload() {
      const gateway = await made.promise;
      return prepare(gateway);
    },
    async endReload({ serve }) {
      if (serve) prepared?.serve();
      prepared = undefined;
    },
    async countReload({ outcome }) {
      (await made.promise).context.metrics.reloaded(outcome);
    },
    async report() {
      const gateway = await made.promise;
      return { ...gateway.report(), metrics: await gateway.context.metrics.snapshot() };
    },
    async applyRegistration(change) {
      registrations.apply(change);
    },
    ping: async () => undefined,
    async stop({ grace }) {
      const gateway = await made.promise;
      await gateway.close(grace);
      stopped.resolve();
    },
  });
  const registrations = registrationsOfPrimary(primary);

  try {
    await primary.call('hello');
    const { worker, settings, isSuccessor } = await begun.promise;
    const { config, table } = await read();
    const setup = { config: withStartingSettings(config, settings), table };
    const gateway = await createGateway({
      ...setup,
      log: createLog(setup).child({ worker }),
      load: async () => atPort(settings.port, await read()),
      worker,
      operations: {
        reload: () => primary.call('reload'),
        status: () => primary.call('status'),
        metrics: () => primary.call('metrics'),
      },
      registrationStore: registrations.store,
      ...(setup.config.rateLimits.redis === undefined ? { rateLimitStore: countAtPrimary(primary) } : {}),
    });
    registrations.follow(gateway.context.instances);
    const url = await gateway.listen({ whenChecked: isSuccessor });
    made.resolve(gateway);
    await primary.call('serving', { url: url.href, fingerprint: fingerprintOf(setup) });
    await stopped.promise;
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    await primary.call('failed', { reason: error.message });
    return 1;
  } finally {
    process.close();
  }

  async function prepare(gateway: Gateway): Promise<PrepareOutcome> {
    try {
      prepared = await gateway.prepareReload();
      return { ok: true, change: prepared.change, fingerprint: prepared.fingerprint };
    } catch (error) {
      return { ok: false, reason: whyRefused(error, gateway.context.log) };
    }
  }
}

/** Where the file asks for any free port, it asks for the one that this gateway has. */
function atPort(port: number, { config, table }: Setup): Setup {
  return { config: config.port === 0 ? { ...config, port } : config, table };
}
