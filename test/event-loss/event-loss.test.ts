import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { kafkaIsMissing } from '../support/kafka/shared-kafka.ts';
import { REPOSITORY } from '../support/run-program.ts';

/** A few where nobody waits; `make event-loss` takes 100,000. */
const EVENTS = process.env.CI === undefined ? 3_000 : 10_000;

describe('loses no event, and keeps their order, while everything is killed', { timeout: 300_000 }, () => {
  it('over the gateway', async () => {
    await expectNoLoss('embedded');
  });

  it.skipIf(kafkaIsMissing !== undefined)('over Kafka', async () => {
    await expectNoLoss('kafka');
  });
});

async function expectNoLoss(transport: string): Promise<void> {
  // It ends with 1 where something is wrong, and what it printed is then in the error.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@plexica/source', 'test/event-loss/event-loss.ts'],
    { cwd: REPOSITORY, env: { ...process.env, EVENTS: String(EVENTS), TRANSPORT: transport } },
  );
  console.log(stdout);
  const [, handled] = /^ {2}handled +([\d,]+)$/m.exec(stdout) ?? [];
  expect(handled).toBe(EVENTS.toLocaleString('en'));
  expect(stdout).toMatch(/^ {2}lost +0$/m);
  for (const what of ['broker or gateway', 'publishers', 'subscribers']) {
    expect(stdout).toMatch(new RegExp(`^ {2}kills: ${what} +[1-9]`, 'm'));
  }
}
