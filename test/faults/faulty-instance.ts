import { once } from 'node:events';
import { join } from 'node:path';
import type { Behaviour } from '../support/behaviour.ts';
import {
  type ProgramOptions,
  REPOSITORY,
  type RunningProgram,
  startProgram,
} from '../support/run-program.ts';

/** A process of `faulty-plugin.ts`. */
export interface FaultyInstance extends RunningProgram {
  readonly port: number;
  /** Resolves when it behaves so. */
  behave(behaviour: Partial<Behaviour>): Promise<void>;
}

export interface FaultyInstanceOptions extends Pick<ProgramOptions, 'prelude'> {
  readonly pluginId?: string;
  readonly gatewayUrl: string;
  /** The file in which it writes down what it keeps. */
  readonly journal: string;
  /** A free one unless stated. */
  readonly port?: number;
  readonly version?: string;
  /** Under which name it registers; 127.0.0.1 unless stated. */
  readonly host?: string;
}

/** Resolves when it listens; registering goes on meanwhile. */
export async function startFaultyInstance(options: FaultyInstanceOptions): Promise<FaultyInstance> {
  const { gatewayUrl, journal, prelude } = options;
  const { pluginId = 'plugin-items', port = 0, version = '1.0.0', host = '127.0.0.1' } = options;
  const program = startProgram([join(REPOSITORY, 'test/support/faulty-plugin.ts')], {
    channel: true,
    environment: {
      GATEWAY_URL: gatewayUrl,
      PLUGIN: pluginId,
      JOURNAL: journal,
      PORT: String(port),
      VERSION: version,
      HOST: host,
    },
    ...(prelude === undefined ? {} : { prelude }),
  });
  const [, chosen] = (await program.printed(/listening on \d+/)).split(' on ');
  const gone = once(program.process, 'exit');
  let orders = 0;
  return {
    ...program,
    port: Number(chosen),
    async behave(behaviour) {
      orders += 1;
      const number = orders;
      const obeyed = Promise.withResolvers<void>();
      const look = (told: unknown) => told === number && obeyed.resolve();
      program.process.on('message', look);
      program.process.send({ number, behaviour });
      await Promise.race([obeyed.promise, gone]);
      program.process.off('message', look);
    },
  };
}
