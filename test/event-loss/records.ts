import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** One numbered event, when it was accepted or handled. */
export interface EventRecord {
  /** Nanoseconds of a clock that all processes of this machine share. */
  readonly at: bigint;
  readonly tenant: string;
  readonly source: string;
  readonly n: number;
  readonly id: string;
}

/** A file that a process only adds to, and that outlives it: what was written stays, however the process ends. */
export interface EventLog {
  write(record: Omit<EventRecord, 'at'>): void;
  close(): void;
}

export function openEventLog(file: string): EventLog {
  const descriptor = openSync(file, 'a');
  return {
    write({ tenant, source, n, id }) {
      writeSync(descriptor, `${process.hrtime.bigint()} ${tenant} ${source} ${n} ${id}\n`);
    },
    close: () => closeSync(descriptor),
  };
}

/** All of a file's records, in the order in which they were written; none where there is no file yet. */
export function readEventLog(file: string): readonly EventRecord[] {
  const lines = textOf(file).split('\n');
  // What a process was writing when it was killed is no line.
  return lines.slice(0, -1).map((line) => {
    const [at = '0', tenant = '', source = '', n = '', id = ''] = line.split(' ');
    return { at: BigInt(at), tenant, source, n: Number(n), id };
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
