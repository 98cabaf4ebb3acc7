import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRM, route } from '../../runtime/gateway/testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../../runtime/gateway/testing/start-plugin.ts';
import { startTarget, type Target } from './support/start-target.ts';

const BASE = '/api/plugin-gateway/plugin-crm';

let below: TestPlugin;
let target: Target;
beforeAll(async () => {
  below = await startPlugin();
  target = await startTarget({
    plugins: [
      {
        ...CRM,
        routes: [
          ...CRM.routes,
          route('GET /contacts/:id/notes/:note'),
          route('GET /contacts/secret', { users: false }),
        ],
      },
    ],
    upstreams: { 'plugin-crm': new URL('/crm', below.url) },
    validation: {},
  });
});
afterAll(async () => {
  await target.close();
  await below.close();
});

/** What a request for this target gets, and what arrived for it. The target may hold any byte but a line break. */
async function get(asked: string, method = 'GET') {
  const before = below.seen.length;
  const [answer] = await target.send(request(asked, 'Connection: close', method), [method]);
  return { status: answer?.status ?? 0, arrived: below.seen.slice(before).map((one) => one.target) };
}

/** The same for many at once, over one connection; a number in the query tells which is which. */
async function getAll(asked: readonly string[]) {
  const before = below.seen.length;
  const texts = asked.map((one, at) =>
    request(`${one}?n=${at}`, at === asked.length - 1 ? 'Connection: close' : 'Accept: */*', 'GET'),
  );
  const answers = await target.send(texts.join(''));
  const arrived = below.seen.slice(before).map((one) => one.target.split('?n='));
  return asked.map((one, at) => ({
    asked: one,
    status: answers[at]?.status ?? 0,
    arrived: arrived.flatMap(([path = '', number]) => (number === String(at) ? [path] : [])),
  }));
}

function request(asked: string, line: string, method: string): string {
  return [`${method} ${asked} HTTP/1.1`, 'Host: gateway.example', target.asAda, line, '', ''].join('\r\n');
}

/** The ways of servers to read a path: with what some of them decode, once or more often, and where they split. */
function readings(path: string): string[] {
  const all = [path];
  for (let round = 0; round < 3; round += 1) {
    const decoded = (all.at(-1) ?? '').replaceAll(/%([0-9a-f]{2})/gi, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    all.push(decoded);
  }
  return all;
}

/** Fails where somebody could read another path than one of the routes for contacts. */
function expectContactsAlone(asked: string, arrived: readonly string[]) {
  for (const path of arrived) {
    const [way = ''] = path.split('?');
    for (const reading of readings(way)) {
      const segments = reading.replaceAll('\\', '/').split('/');
      expect([asked, reading, segments.slice(0, 3)]).toEqual([asked, reading, ['', 'crm', 'contacts']]);
      expect([asked, segments.length <= 6]).toEqual([asked, true]);
      expect([asked, segments.slice(1).filter((one) => /^(\.{1,2}(;.*)?|)$/.test(one))]).toEqual([asked, []]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not arrive
      expect([asked, /[\0-\x1f\x7f]/.test(reading)]).toEqual([asked, false]);
      expect([asked, segments[3] === 'secret']).toEqual([asked, false]);
    }
  }
}

const DOTS = [
  '..',
  '.',
  '%2e%2e',
  '.%2E',
  '%2e.',
  '%252e%252e',
  '%25252e%25252e',
  '%c0%ae%c0%ae',
  '%e0%80%ae%e0%80%ae',
  '%f0%80%80%ae%f0%80%80%ae',
  '%fc%80%80%80%80%ae',
  '..%00',
  '%00..',
  '..%0d%0a',
  '..;',
  '..;x=y',
  '..%3b',
  '%2e%2e%3bx',
  '.;/..',
  '%uff0e%uff0e',
  '%u002e%u002e',
  '..%20',
  '..%09',
  '..%5c',
  '...',
  '....',
];
const SLASHES = [
  '/',
  '//',
  '%2f',
  '%2F',
  '%252f',
  '%25252F',
  '%255c',
  '\\',
  '%5c',
  '%5C',
  '/\\',
  '%2f%2f',
  '%c0%af',
  '%c1%9c',
  '%e0%80%af',
  '%u2215',
  '%u002f',
  ';/',
  '/;/',
  '%3b/',
  '/./',
  '%0a/',
];

describe('no way leads out of a segment', () => {
  it.each(DOTS)('with %s', async (dots) => {
    const asked = SLASHES.flatMap((slash) => [
      `${BASE}/contacts${slash}${dots}`,
      `${BASE}/contacts/7${slash}${dots}${slash}internal`,
      `${BASE}/contacts/${dots}${slash}${dots}${slash}${dots}${slash}etc`,
      `${BASE}/contacts/${dots}secret`,
    ]);
    for (const { asked: one, status, arrived } of await getAll(asked)) {
      const refused = [400, 403, 404].includes(status);
      expect([one, status, arrived.length]).toEqual([one, refused ? status : 200, refused ? 0 : 1]);
      expectContactsAlone(one, arrived);
    }
  });

  it('with any byte, raw or escaped once or twice', async () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    const escaped = bytes
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .flatMap((hex) => [`%${hex}`, `%25${hex}`, `%${hex}%${hex}`]);
    const shapes = (one: string) => [
      `${BASE}/contacts/a${one}b`,
      `${BASE}/contacts/${one}`,
      `${BASE}/contacts/7${one}notes/7`,
    ];
    for (const { asked, arrived } of await getAll(escaped.flatMap(shapes)))
      expectContactsAlone(asked, arrived);
    for (const byte of bytes.filter((one) => ![0x0a, 0x0d, 0x20].includes(one))) {
      const asked = `${BASE}/contacts/7${String.fromCharCode(byte)}notes/7`;
      expectContactsAlone(asked, (await get(asked)).arrived);
    }
  });

  it('to what plugins alone may ask for, however it is spelled', async () => {
    const spellings = [...'internal'].map((letter, at) => {
      const code = `%${letter.charCodeAt(0).toString(16)}`;
      return `${'internal'.slice(0, at)}${code}${'internal'.slice(at + 1)}`;
    });
    for (const spelling of ['internal', ...spellings, '%69%6E%74%65%72%6e%61%6C']) {
      expect(await get(`${BASE}/${spelling}`)).toEqual({ status: 403, arrived: [] });
      expect(await get(`/api/plugin-gateway/plugin%2Dcrm/${spelling}?x=/contacts`)).toEqual({
        status: 403,
        arrived: [],
      });
    }
    for (const spelling of [
      'INTERNAL',
      'internal/',
      'internal.',
      'internal%20',
      'internal%3Fx',
      'internal%23x',
    ]) {
      expect(await get(`${BASE}/${spelling}`)).toEqual({ status: 404, arrived: [] });
    }
  });
});

describe('what is no path is no request', () => {
  it.each([
    'http://gateway.example/api/plugin-gateway/plugin-crm/contacts',
    'HTTP://gateway.example/api/plugin-gateway/plugin-crm/contacts',
    'https://user:pass@evil.example/api/plugin-gateway/plugin-crm/contacts',
    'http:/api/plugin-gateway/plugin-crm/contacts',
    'http:api/plugin-gateway/plugin-crm/contacts',
    'ftp://x/api/plugin-gateway/plugin-crm/contacts',
    'file:///api/plugin-gateway/plugin-crm/contacts',
    'gateway.example:80',
    'gateway.example/api/plugin-gateway/plugin-crm/contacts',
    '//evil.example/api/plugin-gateway/plugin-crm/contacts',
    '/\\evil.example/api/plugin-gateway/plugin-crm/contacts',
    '\\\\evil.example/api',
    '///api/plugin-gateway/plugin-crm/contacts',
    '/./api/plugin-gateway/plugin-crm/contacts',
    '/x/../api/plugin-gateway/plugin-crm/contacts',
    '/api/plugin-gateway/./plugin-crm/contacts',
    '/api/plugin-gateway/plugin-analytics/../plugin-crm/contacts',
    '/api/plugin-gateway/plugin-crm%2fcontacts',
    '/api%2fplugin-gateway/plugin-crm/contacts',
    '/api/plugin-gateway/plugin-crm/contacts#/../internal',
    '/api/plugin-gateway/plugin-crm/contacts?a=b#c',
    '/api/plugin-gateway/plugin-crm/contacts;jsessionid=1',
    '/api/plugin-gateway;x/plugin-crm/contacts',
    '*',
    '?',
    '#',
    '',
  ])('%s', async (asked) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      expect(await get(asked, method)).toEqual({ status: 400, arrived: [] });
    }
  });

  it('nor is another name of the gateway or of a plugin its name', async () => {
    for (const asked of [
      '/API/plugin-gateway/plugin-crm/contacts',
      '/api/Plugin-Gateway/plugin-crm/contacts',
      '/api/plugin-gateway/PLUGIN-CRM/contacts',
      '/api/plugin-gateway/plugin-crm./contacts',
      '/api/plugin-gateway/plugin-crm%20/contacts',
      '/api/plugin-gateway/plugin_crm/contacts',
      '/api/plugin-gateway/__proto__/contacts',
      '/api/plugin-gateway/constructor/contacts',
      '/plugin-gateway/plugin-crm/contacts',
      '/plugin-crm/contacts',
      '/crm/contacts',
    ]) {
      expect([asked, await get(asked)]).toEqual([asked, { status: 404, arrived: [] }]);
    }
  });
});

it('a query goes on as it came, and says nothing about the path', async () => {
  const asked = `${BASE}/contacts?a=/../../internal&b=%2e%2e%2f&c=..\\&d=%00%0d%0aX-Evil:1&e=%zz&f[__proto__][x]=1`;
  expect(await get(asked)).toEqual({
    status: 200,
    arrived: [
      '/crm/contacts?a=/../../internal&b=%2e%2e%2f&c=..\\&d=%00%0d%0aX-Evil:1&e=%zz&f[__proto__][x]=1',
    ],
  });
});
