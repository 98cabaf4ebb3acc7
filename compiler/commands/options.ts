import type { Arguments, CommandOption } from './command.ts';

export const configOption: CommandOption = {
  name: 'config',
  value: 'FILE',
  description: 'the workspace file; plexica.yaml in this folder unless stated',
};

export const formatOption: CommandOption = {
  name: 'format',
  value: 'FORMAT',
  choices: ['pretty', 'json'],
  description: 'pretty for people, json for programs',
};

/** What `compile` takes from a command's arguments. */
export function compileOptions({ options }: Arguments): { readonly config?: string } {
  const config = options.get('config');
  return typeof config === 'string' ? { config } : {};
}
