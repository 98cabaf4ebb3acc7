import { expect, it } from 'vitest';
import { closestName } from './closest-name.ts';

it.each([
  ['plugin-crn', ['plugin-crm', 'plugin-analytics'], 'plugin-crm'],
  ['prot', ['port', 'host'], 'port'],
  ['strat', ['start', 'token'], 'start'],
  ['zzz', ['port', 'host'], undefined],
  ['', ['port'], undefined],
  ['port', [], undefined],
])('%s among %j is %s', (given, names, expected) => {
  expect(closestName(given, names)).toBe(expected);
});
