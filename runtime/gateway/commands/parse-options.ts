import { parseArgs } from 'node:util';
import { closestName } from '../closest-name.ts';
import type { Command } from './command.ts';

/** A call that names what the command does not have. The message says what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The values of a command's options, in the order given. */
export type Options = ReadonlyMap<string, readonly string[]>;

export interface Call {
  readonly options: Options;
  readonly words: readonly string[];
}

/**
 * Holds the words behind a command's name against the options and words that it declares.
 *
 * @throws UsageError
 */
export function parseCall(command: Command, argv: readonly string[]): Call {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      command.options.map(({ name, value }) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (words.push(token.value) <= (command.words ?? 0)) continue;
      throw new UsageError(`"${token.value}" is more than \`${command.name}\` takes`);
    }
    if (token.kind !== 'option') continue;
    const option = command.options.find(({ name }) => name === token.name);
    if (option === undefined) throw unknownOption(command, token.rawName);
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`--${option.name} takes no value`);
      values.set(option.name, []);
      continue;
    }
    if (token.value === undefined || token.value === '') {
      throw new UsageError(`--${option.name} needs a value: --${option.name} ${option.value}`);
    }
    const given = values.get(option.name) ?? [];
    if (given.length > 0 && option.repeatable !== true) {
      throw new UsageError(`--${option.name} is given twice; it takes one value`);
    }
    values.set(option.name, [...given, token.value]);
  }
  return { options: values, words };
}

/** The one value of an option; undefined where it is not given. */
export function optionValue(options: Options, name: string): string | undefined {
  return options.get(name)?.[0];
}

function unknownOption(command: Command, given: string): UsageError {
  const known = [...command.options.map(({ name }) => `--${name}`), '--help'];
  const meant = closestName(given, known);
  return new UsageError(
    `\`${command.name}\` has no option "${given}"${meant === undefined ? '' : `: did you mean ${meant}?`}`,
  );
}
