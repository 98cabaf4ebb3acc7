import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const ITEM = { type: 'object', required: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] };
const SCHEMAS = {
  '/anything': {},
  '/unique': { uniqueItems: true },
  '/items': { items: { $ref: '#/schemas/Item' } },
  '/either': { anyOf: [{ items: { type: 'string' } }, { items: { $ref: '#/schemas/Item' } }] },
  '/some': { contains: { $ref: '#/schemas/Item' } },
  '/closed': { additionalProperties: false },
  '/pattern': { items: { type: 'string', pattern: 'a.*b' } },
  '/url': { items: { type: 'string', format: 'url' } },
  '/names': { patternProperties: { 'a.*b': { type: 'null' } } },
  '/number': { type: 'object', properties: { n: { type: 'number' }, i: { type: 'integer' } } },
};

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
let reached: number;
beforeAll(async () => {
  plugin = await startPlugin();
  const paths = Object.entries(SCHEMAS);
  gateway = await startGateway({
    plugins: [{ id: 'crm', routes: paths.map(([path]) => route(`POST ${path}`)) }],
    upstreams: { crm: plugin.url },
    validation: {
      crm: {
        schemas: { Item: ITEM },
        endpoints: Object.fromEntries(paths.map(([path, body]) => [`POST ${path}`, { body }])),
      },
    },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  reached = plugin.seen.length;
});

async function send(path: string, body: string | Uint8Array<ArrayBuffer>) {
  const began = performance.now();
  const answer = await fetch(`${gateway.url}/crm${path}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  const text = await answer.text();
  return { status: answer.status, text, milliseconds: performance.now() - began };
}

/** A bound that no quadratic algorithm keeps on a megabyte, and that a slow machine does. */
const SOON = 4000;
const MEGABYTE = 1024 * 1024;

describe('a body that has more than one reading', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  it.each([
    ['is cut short', '{"a":1', 'not JSON'],
    ['is followed by more', '{} {}', 'not JSON'],
    ['has NaN', '{"n":NaN}', 'not JSON'],
    ['has a comment', '{} // x', 'not JSON'],
    ['has a comma too many', '[1,]', 'not JSON'],
    ['has single quotes', "{'a':1}", 'not JSON'],
    ['has a raw line break in a string', '"a\nb"', 'not JSON'],
    ['is white space', ' \n', 'not JSON'],
    ['is not UTF-8', bytes(0x22, 0xff, 0x22), 'not UTF-8'],
    ['has an overlong character', bytes(0x22, 0xc0, 0xaf, 0x22), 'not UTF-8'],
    ['has a lone surrogate', bytes(0x22, 0xed, 0xa0, 0x80, 0x22), 'not UTF-8'],
    ['is UTF-16', bytes(0xff, 0xfe, 0x7b, 0, 0x7d, 0), 'not UTF-8'],
    ['says a field twice', '{"role":"user","role":"admin"}', 'stands twice'],
    ['says a field twice, once escaped', '{"a":[{"role":1,"r\\u006fle":2}]}', 'stands twice'],
    ['says __proto__', '{"__proto__":{"isAdmin":true}}', '__proto__'],
    ['says __proto__ deep inside, escaped', '[{"a":{"\\u005f_proto__":{"isAdmin":true}}}]', '__proto__'],
    ['says constructor.prototype', '{"constructor":{"prototype":{"isAdmin":true}}}', 'constructor'],
    ['is nested a hundred thousand times', '['.repeat(100_000) + ']'.repeat(100_000), 'nested deeper'],
    ['begins as if it were', '{"a":'.repeat(100_000), 'nested deeper'],
    ['has a name without end', `{"${'n'.repeat(2000)}":1}`, 'longer than 1024'],
  ])('because it %s: 400', async (_, body, reason) => {
    const { status, text } = await send('/anything', body);
    expect([status, JSON.parse(text)]).toMatchObject([
      400,
      { code: 'bad-request', error: expect.stringContaining(reason) },
    ]);
    expect(plugin.seen).toHaveLength(reached);
    expect('isAdmin' in {}).toBe(false);
  });

  it.each([
    ['the same name in other objects', '[{"a":1},{"a":{"a":1}}]'],
    ['colons and brackets in strings', '{"a:{[":"b:{[\\":","c\\\\":":"}'],
    ['a constructor that is nothing special', '{"constructor":"Bob","prototype":1,"toString":null}'],
    ['two hundred levels', '['.repeat(200) + ']'.repeat(200)],
    ['numbers that no double holds', '{"n":12345678901234567890.12345678901234567890,"m":1e-999}'],
    ['a lone surrogate, escaped', '"\\ud800"'],
    ['numbers for names', '{"1":1,"0":0,"-1":{}}'],
  ])('%s are fine', async (_, body) => {
    expect(await send('/anything', body)).toMatchObject({ status: 200, text: body });
  });

  it('a number that is none passes for no number', async () => {
    const { status, text } = await send('/number', '{"n":1e999,"i":-1e999}');
    expect([status, JSON.parse(text).details.length]).toEqual([400, 2]);
    expect((await send('/number', '{"n":1e308,"i":9007199254740993}')).status).toBe(200);
  });
});

describe('a megabyte made to keep the gateway busy', () => {
  const list = (item: (at: number) => string) => {
    const items: string[] = [];
    for (let length = 2; ; ) {
      const next = item(items.length);
      length += next.length + 1;
      if (length > MEGABYTE) return `[${items.join(',')}]`;
      items.push(next);
    }
  };
  it.each([
    ['different items that must be unique', '/unique', list((at) => `{"a":${at}}`), 200],
    ['different scalars that must be unique', '/unique', list((at) => `"${at}"`), 200],
    ['items that are wrong eight times', '/items', list(() => '{}'), 400],
    ['items that are wrong for two reasons', '/either', list((at) => (at === 0 ? '"x"' : '{}')), 400],
    ['items that are right for one of two', '/either', list(() => '"x"'), 200],
    ['items of which none is the one', '/some', list(() => '{}'), 400],
    [
      'unknown fields',
      '/closed',
      list((at) => `"f${at}":0`)
        .replace('[', '{')
        .replace(/]$/, '}'),
      400,
    ],
    ['a text for a slow pattern', '/pattern', `["${'a'.repeat(MEGABYTE - 10)}"]`, 400],
    ['texts for a slow pattern', '/pattern', list(() => `"${'a'.repeat(4000)}"`), 400],
    ['a text for a slow format', '/url', `["${'http://:'.repeat(130_000)} "]`, 400],
    [
      'names for a slow pattern',
      '/names',
      list((at) => `"${'a'.repeat(500)}${at}":0`)
        .replace('[', '{')
        .replace(/]$/, '}'),
      200,
    ],
  ])('%s', async (_, path, body, expected) => {
    const { status, text, milliseconds } = await send(path, body);
    expect(status).toBe(expected);
    expect(milliseconds).toBeLessThan(SOON);
    if (expected === 400) expect(JSON.parse(text).details.length).toBeLessThanOrEqual(50);
    expect(plugin.seen).toHaveLength(reached + (expected === 200 ? 1 : 0));
  });
});
