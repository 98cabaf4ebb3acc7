import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { CRM } from '../testing/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../testing/start-gateway-process.ts';

let folder: GatewayFolder;
let gateway: GatewayProcess;
beforeEach(async () => {
  folder = await createGatewayFolder();
  await folder.writeTable([CRM]);
  await folder.writeYaml();
  gateway = await startGatewayProcess(folder);
});
afterEach(async () => {
  gateway.child.kill('SIGKILL');
  gateway.child.stdout?.resume();
  await gateway.ended();
  await folder.remove();
});

/** More lines than a pipe holds, and its reader's buffers beside it. */
async function manyLines(): Promise<number> {
  const begin = performance.now();
  for (let round = 0; round < 40; round += 1) {
    const calls = Array.from({ length: 50 }, () => fetch(`${gateway.url}/health`));
    for (const call of calls) await (await call).arrayBuffer();
  }
  return performance.now() - begin;
}

it('a log that nobody reads holds up neither requests nor the end', async () => {
  gateway.child.stdout?.pause();
  expect(await manyLines()).toBeLessThan(15_000);
  gateway.child.kill('SIGTERM');
  const begin = performance.now();
  expect((await once(gateway.child, 'exit'))[0]).toBe(0);
  expect(performance.now() - begin).toBeLessThan(5_000);
}, 30_000);

it('a log whose reader is gone is no reason to end', async () => {
  gateway.child.stdout?.destroy();
  await manyLines();
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  gateway.child.kill('SIGTERM');
  expect((await once(gateway.child, 'exit'))[0]).toBe(0);
}, 30_000);
