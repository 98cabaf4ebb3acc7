import { join } from 'node:path';
import type { Logger } from 'pino';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Setup } from '../create-context.ts';
import { systemClock } from '../instances/clock.ts';
import { createLog } from '../server/create-log.ts';
import { createGateway } from '../server.ts';
import { loadRouteTable } from '../table/load-route-table.ts';
import { prepareTable } from '../table/prepare.ts';
import { createPrimary } from '../workers/create-primary.ts';
import { runWorker } from '../workers/run-worker.ts';
import { primaryProcess } from '../workers/worker-process.ts';
import { type Command, configOption, type Io, tableOption } from './command.ts';
import { createSignals } from './create-signals.ts';
import { type Options, optionValue, UsageError } from './parse-options.ts';

const MOST_WORKERS = 64;

export const start: Command = {
  name: 'start',
  summary: 'Runs the gateway on the compiled route table.',
  usage: ['[--config FILE] [--table FILE] [--host HOST] [--port PORT] [--workers N]'],
  options: [
    configOption,
    tableOption,
    { name: 'host', value: 'HOST', text: 'instead of gateway.host' },
    { name: 'port', value: 'PORT', text: 'instead of gateway.port; 0 takes a free one' },
    { name: 'workers', value: 'N', text: 'instead of gateway.workers: processes that share the port' },
  ],

  async run(options, io) {
    const signals = createSignals(io, systemClock.now);
    const read = () => readSetup(options, io);
    const logFor = ({ config }: Setup) => createLog({ write: io.log }, config.log.level);
    const primary = primaryProcess();
    // A worker hears of signals from the primary process, whoever else gets them.
    if (primary !== undefined) return runWorker(primary, { read, createLog: logFor });

    const setup = await read();
    const log = logFor(setup);
    const { workers } = setup.config;
    const gateway = await (workers === 1 ? startAlone : startWorkers)(setup, read, log);
    const plugins = count(setup.table.plugins.size, 'plugin');
    const processes = workers === 1 ? '' : ` with ${workers} workers`;
    io.err(`The gateway serves ${plugins} at ${gateway.url}${processes}\n`);
    await signals.obey({
      reload: gateway.reload,
      stop(grace) {
        log.info(
          grace === 0 ? 'the gateway stops at once' : 'the gateway stops when requests under way have ended',
        );
        return gateway.stop(grace);
      },
    });
    return 0;
  },
};

async function startAlone(setup: Setup, load: () => Promise<Setup>, log: Logger) {
  const gateway = await createGateway({ ...setup, log, load });
  const { href: url } = await gateway.listen();
  return { url, reload: gateway.reload, stop: gateway.close };
}

async function startWorkers(setup: Setup, read: () => Promise<Setup>, log: Logger) {
  const primary = await createPrimary(setup, { read, log });
  return { url: await primary.start(), reload: primary.reload, stop: primary.stop };
}

async function readSetup(options: Options, { environment }: Io): Promise<Setup> {
  const file = optionValue(options, 'config') ?? 'plexica.yaml';
  const config = override(await loadConfig(file, environment), options);
  const table = await loadRouteTable(optionValue(options, 'table') ?? join(config.out, 'routes.json'));
  return { config, table: prepareTable(table) };
}

/** What the command line says wins over plexica.yaml. */
function override(config: GatewayConfig, options: Options): GatewayConfig {
  return {
    ...config,
    host: optionValue(options, 'host') ?? config.host,
    port: numberOption(options, 'port', 0, 65_535) ?? config.port,
    workers: numberOption(options, 'workers', 1, MOST_WORKERS) ?? config.workers,
  };
}

function numberOption(options: Options, name: string, least: number, most: number): number | undefined {
  const text = optionValue(options, name);
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw new UsageError(`--${name} must be a number from ${least} to ${most}, and is "${text}"`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
