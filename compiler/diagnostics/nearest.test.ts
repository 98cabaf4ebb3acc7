import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each([
  ['nmae', ['id', 'name', 'version'], 'name'],
  ['operationID', ['operationId'], 'operationId'],
  ['get', ['GET', 'PUT'], 'GET'],
  ['crm.contact', ['crm.deals', 'crm.contacts'], 'crm.contacts'],
  ['FETCH', ['GET', 'PATCH'], undefined],
  ['a', ['b'], 'b'],
  ['x', ['name'], undefined],
  ['name', ['name'], undefined],
  ['ab', ['ac', 'ad'], 'ac'],
  ['anything', [], undefined],
])('%s among %j means %s', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
