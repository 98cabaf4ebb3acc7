import { expect, it } from 'vitest';
import { readableId } from './readable-id.ts';

it.each([
  ['{"id": "plugin-crm", "name": }', 'plugin-crm'],
  ['{"name": "x" "id": "plugin-crm"', 'plugin-crm'],
  ['{"author": {"id": "somebody"}, "id": "plugin-crm"', 'plugin-crm'],
  ['{"name": "id", "id": "plugin-crm"', 'plugin-crm'],
  ['{"id": 5', undefined],
  ['{"id": "plug', undefined],
  ['["id", "plugin-crm"]', undefined],
  ['', undefined],
])('%j → %j', (text, id) => {
  expect(readableId({ path: 'plugin.json', text })).toBe(id);
});
