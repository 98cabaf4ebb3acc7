import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@plexica/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { loadRouteTable } from './load-route-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-table-'));
});
afterAll(() => rm(folder, { recursive: true }));

const body = { format: 1, plugins: [] };
const good = { ...body, digest: digestOf(body) };

async function load(text: string) {
  const file = join(folder, 'routes.json');
  await writeFile(file, text);
  return loadRouteTable(file);
}

it('reads a table whose digest is right', async () => {
  expect(await load(JSON.stringify(good, null, 2))).toEqual(good);
});

it.each([
  [
    'another digest',
    JSON.stringify({ ...good, digest: `sha256:${'0'.repeat(64)}` }),
    'was changed after it was built',
  ],
  [
    'another format',
    JSON.stringify({ ...good, format: 2 }),
    'a route table of format 2, and this gateway reads format 1',
  ],
  ['half a file', JSON.stringify(good).slice(0, -9), 'is not JSON, perhaps cut short'],
  ['another document', '{"openapi":"3.1.0"}', 'is not a route table'],
  ['a list', '[]', 'is not a route table'],
  [
    'a plugin that says too little',
    JSON.stringify({ ...good, plugins: [{ id: 'crm' }] }),
    'is not a route table (/plugins/0',
  ],
])('refuses %s, and says what to do', async (_, text, message) => {
  const loading = load(text);
  await expect(loading).rejects.toThrow(SetupError);
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.toThrow('plexica build');
});

it('says where it looked', async () => {
  const file = join(folder, 'missing', 'routes.json');
  await expect(loadRouteTable(file)).rejects.toThrow(`there is no route table at ${file}`);
});

it('tells a folder from a file', async () => {
  await expect(loadRouteTable(folder)).rejects.toThrow('cannot be read');
});
