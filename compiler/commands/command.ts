import type { Styles } from '../diagnostics/styles.ts';

/** What a command sees of the process that it runs in. */
export interface Io {
  /** Absolute. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly styles: Styles;
  /** Results: reports, documents, help that was asked for. */
  out(text: string): void;
  /** What went wrong with the call itself. */
  err(text: string): void;
}

export interface CommandOption {
  /** Without the dashes. */
  readonly name: string;
  /** What stands for the value in help; an option without one is a switch. */
  readonly value?: string;
  /** The values allowed, where they can be listed. The first is the default. */
  readonly choices?: readonly string[];
  readonly description: string;
}

/** The arguments of a command, checked against its declaration. */
export interface Arguments {
  /** By option name: the value, or `true` for a switch. */
  readonly options: ReadonlyMap<string, string | true>;
  readonly operands: readonly string[];
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More, for the command's own help. */
  readonly details?: string;
  /** Operands as help shows them, such as `[CODE]`; none unless stated. */
  readonly operands?: string;
  /** How many operands there may be; none unless stated. */
  readonly mostOperands?: number;
  readonly options: readonly CommandOption[];
  /** Resolves to the exit code: 0 clean, 1 findings, 2 wrong usage. */
  run(input: Arguments, io: Io): Promise<number>;
}

/** A command that another program carries out: its arguments, `--help` too, are passed on as they are. */
export interface DelegatedCommand {
  readonly name: string;
  readonly summary: string;
  delegate(argv: readonly string[], io: Io): Promise<number>;
}
