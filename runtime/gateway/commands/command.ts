import type { Environment } from '@plexica/types';
import type { Options } from './parse-options.ts';

/** What a command may touch of its process. */
export interface Io {
  readonly environment: Environment;
  out(text: string): void;
  err(text: string): void;
  /** Writes a line of the log; whoever reads it, nothing waits for them. */
  log(line: string): void;
  /** Tells every signal of an operator from now on: SIGINT and SIGTERM ask to stop, SIGHUP to reload. */
  onSignal(listener: (wish: 'stop' | 'reload') => void): void;
}

export interface CommandOption {
  readonly name: string;
  /** What its value is, as help shows it; undefined for one that has none. */
  readonly value?: string;
  readonly text: string;
  readonly repeatable?: true;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly usage: readonly string[];
  readonly options: readonly CommandOption[];
  /** How many words it takes beside its options; none unless stated. */
  readonly words?: number;
  /**
   * @returns the exit code
   * @throws SetupError, UsageError
   */
  run(options: Options, io: Io, words: readonly string[]): Promise<number>;
}

export const configOption: CommandOption = {
  name: 'config',
  value: 'FILE',
  text: 'plexica.yaml, where it is not in this folder',
};

export const tableOption: CommandOption = {
  name: 'table',
  value: 'FILE',
  text: 'the route table, where it is not <out>/routes.json',
};
