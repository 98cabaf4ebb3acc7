import { expect, it } from 'vitest';
import { isLoopbackClient } from './loopback-client.ts';

const ask = (remoteAddress: string | undefined, ...rawHeaders: string[]) =>
  isLoopbackClient({ remoteAddress, rawHeaders });

it.each<[string | undefined, boolean]>([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['fe80::1', false],
  ['localhost', false],
  ['', false],
  [undefined, false],
])('a peer at %s: %s', (address, expected) => {
  expect(ask(address, 'Host', 'localhost:4000')).toBe(expected);
});

it.each([
  'X-Forwarded-For',
  'x-forwarded-host',
  'X_Forwarded_For',
  'X-Forwarded',
  'Forwarded',
  'X-Real-IP',
  'X-Client-IP',
  'True-Client-IP',
  'Via',
  'Origin',
  'Sec-Fetch-Site',
])('%s speaks of somebody else, whatever it says', (name) => {
  expect(ask('127.0.0.1', 'Host', 'localhost', name, '127.0.0.1')).toBe(false);
  expect(ask('127.0.0.1', 'Host', 'localhost', name, '')).toBe(false);
});

it.each([
  ['localhost', true],
  ['LOCALHOST:4000', true],
  ['plexica.localhost:4000', true],
  ['127.0.0.1:4000', true],
  ['[::1]:4000', true],
  ['evil.test', false],
  ['evil.test:4000', false],
  ['127.0.0.1.evil.test', false],
  ['localhost.evil.test', false],
  ['', false],
])('a page whose name resolves to this machine calls it %s: %s', (host, expected) => {
  expect(ask('127.0.0.1', 'Host', host)).toBe(expected);
});

it('a program that sends no more than it must is of this machine', () => {
  expect(ask('127.0.0.1')).toBe(true);
  expect(ask('127.0.0.1', 'Host', 'localhost', 'User-Agent', 'curl', 'Authorization', 'Bearer x')).toBe(true);
});
