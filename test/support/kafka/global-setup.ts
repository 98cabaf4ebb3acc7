import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test files of a run agree on one Kafka; see `shared-kafka.ts`. */
    kafkaFolder: string;
    runPid: number;
  }
}

/** Costs nothing where no test asks for Kafka; ends the broker where one did. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'plexica-kafka-run-'));
  project.provide('kafkaFolder', folder);
  project.provide('runPid', process.pid);
  return () => {
    const pid = join(folder, 'pid');
    if (existsSync(pid)) end(Number(readFileSync(pid, 'utf8')));
    rmSync(folder, { recursive: true, force: true });
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
