/** Runs the broker that the test files of a run share, until it is told to end or the run is gone. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startKafka } from './kafka-broker.ts';

const [folder = '', run = ''] = process.argv.slice(2);
const ready = join(folder, 'ready.json');

await writeFile(join(folder, 'pid'), String(process.pid));
try {
  const kafka = await startKafka();
  const end = () => void kafka.stop().finally(() => process.exit());
  process.on('SIGTERM', end);
  setInterval(() => {
    if (!isAlive(Number(run))) end();
  }, 1_000);
  await tell({ brokers: kafka.brokers });
} catch (error) {
  await tell({ problem: `Kafka cannot be started: ${error instanceof Error ? error.message : error}` });
}

/** All of it at once: who waits for the file reads it as soon as it is there. */
async function tell(what: object): Promise<void> {
  await writeFile(`${ready}.new`, JSON.stringify(what));
  await rename(`${ready}.new`, ready);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
