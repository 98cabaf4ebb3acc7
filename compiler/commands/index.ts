import { build } from './build.ts';
import { check } from './check.ts';
import type { Command, DelegatedCommand } from './command.ts';
import { explain } from './explain.ts';
import { events, keys, start, token } from './gateway.ts';
import { graph } from './graph.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly (Command | DelegatedCommand)[] = [
  build,
  check,
  explain,
  graph,
  start,
  token,
  events,
  keys,
];
