import type { Environment } from '@plexica/types';
import type { Options } from './parse-options.ts';

/** What a command may touch of its process. */
export interface Io {
  readonly environment: Environment;
  out(text: string): void;
  err(text: string): void;
  /** Resolves once the process is asked to stop: SIGINT or SIGTERM. */
  untilStopped(): Promise<void>;
}

export interface CommandOption {
  readonly name: string;
  /** What its value is, as help shows it. */
  readonly value: string;
  readonly text: string;
  readonly repeatable?: true;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly usage: readonly string[];
  readonly options: readonly CommandOption[];
  /**
   * @returns the exit code
   * @throws SetupError, UsageError
   */
  run(options: Options, io: Io): Promise<number>;
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
