import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createInstances } from './instances.ts';
import { createJournal } from './testing/journal.ts';
import { tableOf } from './testing/route-table.ts';

const PLUGIN = `
const server = require('node:http').createServer((_, response) => response.end('{"status":"ok"}'));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

it('a process that is killed is known to be gone within one health interval', async () => {
  const plugin = spawn(process.execPath, ['-e', PLUGIN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(plugin.stdout, 'data');
  const journal = createJournal();
  const interval = 1_000;
  const instances = createInstances({
    table: tableOf([{ id: 'crm' }]),
    config: configOf('/nowhere', {
      upstreams: new Map([['crm', upstreamOf({ urls: [new URL(`http://127.0.0.1:${Number(port)}`)] })]]),
      health: { interval, timeout: 500, slow: 400, rise: 2, fall: 3 },
    }),
    log: journal.log,
  });
  try {
    instances.start();
    await journal.until('HEALTHY');
    const killedAt = performance.now();
    plugin.kill('SIGKILL');
    await journal.until('is UNAVAILABLE: connection refused');
    expect(performance.now() - killedAt).toBeLessThan(interval + 250);
    expect(instances.choose('crm')).toBeUndefined();
  } finally {
    plugin.kill('SIGKILL');
    await instances.stop();
  }
});
