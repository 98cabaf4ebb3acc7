import { join } from 'node:path';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { createLog } from '../server/create-log.ts';
import { createGateway } from '../server.ts';
import { loadRouteTable } from '../table/load-route-table.ts';
import { prepareTable } from '../table/prepare.ts';
import { type Command, configOption, tableOption } from './command.ts';
import { type Options, optionValue, UsageError } from './parse-options.ts';

export const start: Command = {
  name: 'start',
  summary: 'Runs the gateway on the compiled route table.',
  usage: ['[--config FILE] [--table FILE] [--host HOST] [--port PORT]'],
  options: [
    configOption,
    tableOption,
    { name: 'host', value: 'HOST', text: 'instead of gateway.host' },
    { name: 'port', value: 'PORT', text: 'instead of gateway.port; 0 takes a free one' },
  ],

  async run(options, io) {
    const config = override(
      await loadConfig(optionValue(options, 'config') ?? 'plexica.yaml', io.environment),
      options,
    );
    const table = await loadRouteTable(optionValue(options, 'table') ?? join(config.out, 'routes.json'));
    const gateway = await createGateway({
      config,
      table: prepareTable(table),
      log: createLog({ write: (line) => io.out(line) }, io.environment.LOG_LEVEL),
    });
    const url = await gateway.listen();
    io.err(`The gateway serves ${count(table.plugins.length, 'plugin')} at ${url.href}\n`);
    await io.untilStopped();
    await gateway.close();
    return 0;
  },
};

/** What the command line says wins over plexica.yaml. */
function override(config: GatewayConfig, options: Options): GatewayConfig {
  const port = optionValue(options, 'port');
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new UsageError(`--port must be a number from 0 to 65535, and is "${port}"`);
  }
  return {
    ...config,
    host: optionValue(options, 'host') ?? config.host,
    port: port === undefined ? config.port : Number(port),
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
