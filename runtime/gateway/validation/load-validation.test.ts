import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { route } from '../testing/start-gateway.ts';
import { loadValidation } from './load-validation.ts';
import { writeValidation } from './testing/write-validation.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'plexica-validation-'));
});
afterAll(() => rm(out, { recursive: true }));

async function tableWith(
  id: string,
  endpoints: Record<string, object>,
  schemas: Record<string, unknown> = {},
) {
  const routes = Object.keys(endpoints).map((endpoint) => route(endpoint));
  return tableOf(await writeValidation(out, [{ id, routes }], { [id]: { schemas, endpoints } }));
}

function routeOf(table: ReturnType<typeof tableOf>, id: string, path: string) {
  const prepared = table.plugins.get(id)?.root.statics.get(path)?.resource?.methods.get('POST');
  if (prepared === undefined) throw new Error(`no ${path}`);
  return prepared;
}

it.each([
  ['changed', (file: string) => readFile(file).then((bytes) => writeFile(file, `${bytes} `)), 'not the one'],
  ['missing', (file: string) => rm(file), 'is not there'],
])('refuses a document that is %s, and says what to do', async (id, harm, why) => {
  const table = await tableWith(id, { 'POST /a': { body: {} } });
  await harm(join(out, 'validation', `${id}.json`));
  const loading = loadValidation(out, table);
  await expect(loading).rejects.toThrow(SetupError);
  await expect(loading).rejects.toThrow(why);
  await expect(loading).rejects.toThrow('run `plexica build` and deploy its result whole');
});

it('asks for nothing where nothing is validated', async () => {
  const table = tableOf([{ id: 'none', routes: [route('POST /a')] }]);
  const validation = await loadValidation(join(out, 'nowhere'), table);
  expect(validation.of(routeOf(table, 'none', 'a'))).toBeUndefined();
});

it('writes references out, with what stands beside them', async () => {
  const table = await tableWith(
    'refs',
    { 'POST /a': { body: { $ref: '#/schemas/A', required: ['x'], allOf: [{ minProperties: 2 }] } } },
    {
      A: { type: 'object', properties: { b: { $ref: '#/schemas/B', default: 'b' }, $ref: { const: 1 } } },
      B: { type: 'string' },
    },
  );
  const validate = (await loadValidation(out, table)).of(routeOf(table, 'refs', 'a'))?.body;
  expect(validate?.({ x: 1, b: 'b', $ref: 1 })).toEqual([]);
  expect(validate?.({ b: 1, $ref: 2 }).map(({ path, message }) => `${path} ${message}`)).toEqual([
    '/b must be a string',
    '/$ref must be 1',
    '/x is required',
  ]);
});

it.each([
  ['refers to nothing', { $ref: '#/schemas/Nothing' }, 'refers to "#/schemas/Nothing", which is not there'],
  ['refers to what every object has', { $ref: '#/schemas/toString' }, 'which is not there'],
  ['refers out of the document', { items: { $ref: 'https://example.com/x.json' } }, 'which is not there'],
  ['refers to itself', { $ref: '#/schemas/Loop' }, 'the schema "Loop" refers to itself'],
  ['is none', { type: 'text' }, 'type must be JSONType'],
  ['has a pattern that is none', { pattern: '(' }, 'Invalid regular expression'],
])('a schema that %s fails when it is used, each time, and alone', async (_, body, why) => {
  const table = await tableWith(
    'broken',
    { 'POST /a': { body }, 'POST /b': { body: { type: 'string' } } },
    { Loop: { properties: { next: { $ref: '#/schemas/Loop' } } } },
  );
  const validation = await loadValidation(out, table);
  const broken = () => validation.of(routeOf(table, 'broken', 'a'));
  expect(broken).toThrow('the schema "body" of POST /a of broken cannot be compiled');
  expect(broken).toThrow(why);
  expect(validation.of(routeOf(table, 'broken', 'b'))?.body?.('x')).toEqual([]);
});

it('fails where a document lacks what the table says', async () => {
  const table = await tableWith('short', { 'POST /a': { body: {} } });
  const validation = await loadValidation(out, table);
  const { route: declared, ...rest } = routeOf(table, 'short', 'a');
  const other = { ...rest, route: { ...declared, validates: ['params' as const] } };
  expect(() => validation.of(other)).toThrow('validation document and route table differ');
});

it('reads the documents of 20,000 routes in no time, and compiles each when it is asked for', async () => {
  const plugins = Array.from({ length: 1000 }, (_, at) => ({
    id: `plugin-${at}`,
    routes: Array.from({ length: 20 }, (_, number) => route(`POST /things-${number}`)),
  }));
  const body = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } };
  const endpoints = Object.fromEntries(
    Array.from({ length: 20 }, (_, number) => [`POST /things-${number}`, { body, querystring: body }]),
  );
  const schemas = Object.fromEntries(plugins.map(({ id }) => [id, { endpoints }]));
  const table = tableOf(await writeValidation(out, plugins, schemas));

  const before = process.cpuUsage();
  const validation = await loadValidation(out, table);
  const { user, system } = process.cpuUsage(before);
  // Microseconds; it takes a fifth of that.
  expect(user + system).toBeLessThan(1_000_000);
  const validators = validation.of(routeOf(table, 'plugin-999', 'things-19'));
  expect(validators?.body?.({}).length).toBe(1);
  expect(validation.of(routeOf(table, 'plugin-999', 'things-19'))).toBe(validators);
});
