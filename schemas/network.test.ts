import { expect, it } from 'vitest';
import { isOriginPattern, isSubnet } from './network.ts';

it.each(['https://app.example.com', 'https://*.example.com', 'http://localhost:5173', 'http://[::1]:8080'])(
  'takes %s for an origin',
  (text) => {
    expect(isOriginPattern(text)).toBe(true);
  },
);

it.each([
  '',
  '*',
  'null',
  'app.example.com',
  'https://app.example.com/',
  'https://app.example.com/page',
  'https://App.example.com',
  'https://example.com:443',
  'https://user@example.com',
  'https://*.*.example.com',
  'https://app.*.com',
  'ws://app.example.com',
])('does not take %j for an origin', (text) => {
  expect(isOriginPattern(text)).toBe(false);
});

it.each(['10.0.0.0/8', '192.0.2.1', '192.0.2.1/32', '2001:db8::/32', '::1', '::1/128', '0.0.0.0/1'])(
  'takes %s for a subnet',
  (text) => {
    expect(isSubnet(text)).toBe(true);
  },
);

it.each([
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/08',
  '',
  'proxy',
  '10.0.0',
  '10.0.0.0/33',
  '::1/129',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  'loopback',
])('does not take %j for a subnet', (text) => {
  expect(isSubnet(text)).toBe(false);
});
