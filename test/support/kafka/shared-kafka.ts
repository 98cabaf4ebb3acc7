import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { missingForKafka } from './kafka-jars.ts';

/**
 * Why tests with Kafka are skipped on this machine; undefined where they run. On CI they never are: what is missing makes
 * them fail.
 */
export const kafkaIsMissing: string | undefined = await findOut();

/**
 * The brokers that all test files of a run share: those of `KAFKA_BROKERS`, or one that the first who asks starts.
 * `global-setup.ts` ends it.
 */
export async function sharedKafka(): Promise<readonly string[]> {
  const { KAFKA_BROKERS } = process.env;
  if (KAFKA_BROKERS !== undefined && KAFKA_BROKERS !== '') return KAFKA_BROKERS.split(',');
  const ready = join(inject('kafkaFolder'), 'ready.json');
  if (await isFirst('starting')) {
    const program = fileURLToPath(new URL('run-broker.ts', import.meta.url));
    // It outlives this test file, and ends with the run.
    const child = spawn(process.execPath, [program, inject('kafkaFolder'), String(inject('runPid'))], {
      stdio: 'ignore',
      detached: true,
    });
    await once(child, 'spawn');
    child.unref();
  }
  for (let attempt = 0; attempt < 1_500 && !existsSync(ready); attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { brokers, problem } = JSON.parse(await readFile(ready, 'utf8'));
  if (problem !== undefined) throw new Error(problem);
  return brokers;
}

async function findOut(): Promise<string | undefined> {
  const { KAFKA_BROKERS, CI } = process.env;
  if ((KAFKA_BROKERS ?? '') !== '' || (CI ?? '') !== '') return undefined;
  const missing = missingForKafka();
  if (missing === undefined) return undefined;
  if (await isFirst('said')) {
    console.warn(`Tests with Kafka are skipped: ${missing}, and KAFKA_BROKERS names no broker.`);
  }
  return missing;
}

/** Whether nobody else of this run has asked that before. */
async function isFirst(what: string): Promise<boolean> {
  await mkdir(inject('kafkaFolder'), { recursive: true });
  return writeFile(join(inject('kafkaFolder'), what), '', { flag: 'wx' }).then(
    () => true,
    () => false,
  );
}
