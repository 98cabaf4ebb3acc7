import { parseArgs } from 'node:util';
import { nearest } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Arguments, Command, CommandOption } from './command.ts';

/** Why a call cannot be carried out. */
export interface UsageError {
  readonly message: string;
}

/** Holds the words behind a command's name against what the command declares. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments | UsageError {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      command.options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = new Map<string, string | true>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = command.options.find(({ name }) => name === token.name);
    if (option === undefined) return unknownOption(command, token.rawName);
    const value = optionValue(option, token.value);
    if (typeof value === 'object') return value;
    options.set(option.name, value);
  }
  const surplus = operands[command.mostOperands ?? 0];
  if (surplus !== undefined)
    return { message: `${quote(surplus)} is more than \`plexica ${command.name}\` takes` };
  return { options, operands };
}

function optionValue(
  { name, value, choices }: CommandOption,
  given: string | undefined,
): string | true | UsageError {
  if (value === undefined) return given === undefined || { message: `--${name} takes no value` };
  if (given === undefined || given === '')
    return { message: `--${name} needs a value: --${name} ${choices?.join('|') ?? value}` };
  if (choices === undefined || choices.includes(given)) return given;
  const meant = nearest(given, choices);
  const hint = meant === undefined ? `use ${choices.join(' or ')}` : `did you mean ${meant}?`;
  return { message: `--${name} cannot be ${quote(given)}: ${hint}` };
}

function unknownOption(command: Command, given: string): UsageError {
  const known = [...command.options.map(({ name }) => `--${name}`), '--help'];
  const meant = nearest(given, known);
  const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
  return { message: `\`plexica ${command.name}\` has no option ${quote(given)}${hint}` };
}
