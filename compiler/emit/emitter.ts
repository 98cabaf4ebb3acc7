import type { Program } from '../ir/program.ts';

/** A file to be written below the output folder. */
export interface EmittedFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  /** Ends with a newline. */
  readonly text: string;
}

/** Prints one target of a program that has no errors. Pure: the same program gives the same bytes. */
export type Emitter = (program: Program) => Iterable<EmittedFile>;

/** A file that holds one JSON value, indented by two spaces. */
export function jsonFile(path: string, value: unknown): EmittedFile {
  return { path, text: `${JSON.stringify(value, null, 2)}\n` };
}
