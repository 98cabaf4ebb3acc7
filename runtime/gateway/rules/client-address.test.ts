import { expect, it } from 'vitest';
import { prepareClientOf } from './client-address.ts';

const clientOf = prepareClientOf(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

const head = (remoteAddress: string | undefined, ...rawHeaders: string[]) =>
  ({ remoteAddress, rawHeaders, protocol: 'http' }) as const;
const via = (remoteAddress: string, ...lists: string[]) =>
  clientOf(head(remoteAddress, ...lists.flatMap((list) => ['X-Forwarded-For', list])));

it.each<[string, string, string[], string, string]>([
  ['nobody between', '203.0.113.9', [], '203.0.113.9', '203.0.113.9'],
  ['a peer that is not trusted', '203.0.113.9', ['198.51.100.1'], '203.0.113.9', '203.0.113.9'],
  [
    'one that claims to be behind a proxy',
    '203.0.113.9',
    ['198.51.100.1, 10.0.0.1'],
    '203.0.113.9',
    '203.0.113.9',
  ],
  ['one proxy', '10.0.0.1', ['203.0.113.9'], '203.0.113.9', '203.0.113.9, 10.0.0.1'],
  ['a proxy by its address', '192.0.2.7', ['203.0.113.9'], '203.0.113.9', '203.0.113.9, 192.0.2.7'],
  ['its neighbour', '192.0.2.8', ['203.0.113.9'], '192.0.2.8', '192.0.2.8'],
  ['two proxies', '10.0.0.1', ['203.0.113.9, 10.0.0.2'], '203.0.113.9', '203.0.113.9, 10.0.0.2, 10.0.0.1'],
  [
    'what a client put in front',
    '10.0.0.1',
    ['127.0.0.1, 203.0.113.9'],
    '203.0.113.9',
    '203.0.113.9, 10.0.0.1',
  ],
  [
    'a trusted address that a client put in front',
    '10.0.0.1',
    ['10.9.9.9, 203.0.113.9'],
    '203.0.113.9',
    '203.0.113.9, 10.0.0.1',
  ],
  [
    'two lines',
    '10.0.0.1',
    ['1.1.1.1', '203.0.113.9, 10.0.0.2'],
    '203.0.113.9',
    '203.0.113.9, 10.0.0.2, 10.0.0.1',
  ],
  ['a proxy of its own', '10.0.0.1', [], '10.0.0.1', '10.0.0.1'],
  ['only proxies', '10.0.0.1', ['10.0.0.2'], '10.0.0.2', '10.0.0.2, 10.0.0.1'],
  ['IPv6', '2001:db8::1', ['2001:db9::9'], '2001:db9::9', '2001:db9::9, 2001:db8::1'],
  ['a mapped peer', '::ffff:10.0.0.1', ['203.0.113.9'], '203.0.113.9', '203.0.113.9, ::ffff:10.0.0.1'],
  ['a port', '10.0.0.1', ['203.0.113.9:50123'], '203.0.113.9', '203.0.113.9, 10.0.0.1'],
  ['brackets and a port', '10.0.0.1', ['[2001:db9::9]:50123'], '2001:db9::9', '2001:db9::9, 10.0.0.1'],
  ['a name', '10.0.0.1', ['203.0.113.9, unknown'], '10.0.0.1', '10.0.0.1'],
  ['nonsense behind a proxy', '10.0.0.1', ['203.0.113.9, x"y, 10.0.0.2'], '10.0.0.2', '10.0.0.2, 10.0.0.1'],
  ['commas', '10.0.0.1', [',, ,203.0.113.9,,'], '203.0.113.9', '203.0.113.9, 10.0.0.1'],
  ['nothing', '10.0.0.1', ['', ' '], '10.0.0.1', '10.0.0.1'],
])('%s', (_, peer, lists, address, forwardedFor) => {
  expect(via(peer, ...lists)).toEqual({ address, protocol: 'http', forwardedFor });
});

it.each<[string, string[], string]>([
  ['10.0.0.1', ['https'], 'https'],
  ['10.0.0.1', ['HTTPS'], 'https'],
  ['10.0.0.1', ['https, http'], 'http'],
  ['10.0.0.1', ['http', 'https'], 'https'],
  ['10.0.0.1', ['javascript'], 'http'],
  ['10.0.0.1', [], 'http'],
  ['203.0.113.9', ['https'], 'http'],
])('from %s, X-Forwarded-Proto %j: %s', (peer, values, protocol) => {
  const lines = values.flatMap((value) => ['x-forwarded-proto', value]);
  expect(clientOf(head(peer, ...lines)).protocol).toBe(protocol);
});

it('other spellings of the headers are none of them', () => {
  const lines = [
    'X_Forwarded_For',
    '1.1.1.1',
    'X-Real-IP',
    '1.1.1.1',
    'Forwarded',
    'for=1.1.1.1;proto=https',
  ];
  expect(clientOf(head('10.0.0.1', ...lines))).toEqual({
    address: '10.0.0.1',
    protocol: 'http',
    forwardedFor: '10.0.0.1',
  });
});

it('without trusted proxies, and without addresses, nothing is believed', () => {
  const lines = ['X-Forwarded-For', '1.1.1.1', 'X-Forwarded-Proto', 'https'];
  const trustsNobody = prepareClientOf([]);
  expect(trustsNobody(head('127.0.0.1', ...lines)).address).toBe('127.0.0.1');
  const unknown = { address: undefined, protocol: 'http', forwardedFor: undefined };
  expect(clientOf(head(undefined, ...lines))).toEqual(unknown);
});

it('a long list costs no more than its length', () => {
  const startedAt = performance.now();
  expect(via('10.0.0.1', Array(4_000).fill('10.0.0.1').join(',')).address).toBe('10.0.0.1');
  expect(performance.now() - startedAt).toBeLessThan(200);
});
