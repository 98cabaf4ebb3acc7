import type { FastifyBaseLogger } from 'fastify';
import type { Setup } from '../create-context.ts';
import { systemClock } from '../instances/clock.ts';
import type { RegistrationChange } from '../instances/registration-change.ts';
import { openRegistrationStore } from '../instances/registration-store.ts';
import { createMemoryRateLimitStore } from '../limits/memory-rate-limit-store.ts';
import { startingSettingsOf } from '../operations/starting-settings.ts';
import { findPort } from '../server/listen.ts';
import { operateWorkers } from './operate-workers.ts';
import { rescueConnections } from './rescue-connections.ts';
import { createWorkerPool } from './worker-pool.ts';
import { forkWorker } from './worker-process.ts';

export interface PrimaryOptions {
  /** Reads configuration and table. */
  readonly read: () => Promise<Setup>;
  readonly log: FastifyBaseLogger;
}

/** A gateway of several processes, from the side of the one that serves nothing itself. */
export interface Primary {
  /**
   * @returns the gateway's address, once all workers serve
   * @throws SetupError when a worker cannot start
   */
  start(): Promise<string>;
  reload(): Promise<unknown>;
  /** Resolves when all workers are gone. May be called again, with less time. */
  stop(grace?: number): Promise<void>;
}

/** @throws SetupError for an address that cannot be listened on */
export async function createPrimary(setup: Setup, { read, log }: PrimaryOptions): Promise<Primary> {
  const { workers, stateFolder } = setup.config;
  const settings = startingSettingsOf({ ...setup.config, port: await findPort(setup.config) });
  const clock = systemClock;
  const registrations = await openRegistrationStore(stateFolder, { log, clock });
  const counts = createMemoryRateLimitStore();

  const rescue = rescueConnections();
  const pool = createWorkerPool({
    size: workers,
    fork: () => forkWorker(rescue),
    offer: (worker) => ({
      reload: () => operations.reload(),
      status: () => operations.status(),
      metrics: () => operations.metrics(),
      countRequest: ({ key, windowMs }) => counts.take(key, windowMs),
      recordRegistration: async (change) => passOn(worker, change),
    }),
    beginning: (worker) => ({ worker, settings, registrations: registrations.current() }),
    onServing(worker, begun) {
      if (begun.fingerprint === operations.fingerprint()) return;
      log.info({ worker }, `worker ${worker} has read other files than the rest serve: all read them anew`);
      void operations.reload();
    },
    log,
    clock,
  });
  const operations = operateWorkers({ pool, setup, read, registrations, log, clock });

  return {
    async start() {
      try {
        return await pool.start();
      } catch (error) {
        await stop(0);
        throw error;
      }
    },
    reload: operations.reload,
    stop,
  };

  async function stop(grace = operations.drain()): Promise<void> {
    await pool.stop(grace);
    await registrations.close();
  }

  function passOn(from: number, change: RegistrationChange): void {
    registrations.record(change);
    for (const { number, peer } of pool.begun()) {
      if (number !== from) peer.call('applyRegistration', change).catch(() => undefined);
    }
  }
}
