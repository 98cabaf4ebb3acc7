import { describe, expect, it } from 'vitest';
import { matchesOrigin, parseOriginPattern } from './origin-pattern.ts';

describe('parseOriginPattern', () => {
  it.each([
    '',
    '*',
    'localhost',
    'localhost:*',
    '*://localhost',
    'ftp://localhost',
    'http://',
    'http://*',
    'http://*:3100',
    'http://local*:3100',
    'http://a.*.example',
    'http://*.*.example',
    'http://*.127.0.0.1:*',
    'http://*.[::1]:*',
    'http://localhost:31*',
    'http://localhost:99999',
    'http://localhost/path',
    'http://localhost?x',
    'http://user@localhost',
    'http://localhost:*:*',
    'http://local host',
    'http://localhost\\',
  ])('%j is not one', (text) => {
    expect(parseOriginPattern(text)).toBeUndefined();
  });
});

describe('matchesOrigin', () => {
  it.each<[string, string]>([
    ['http://localhost:3100', 'http://localhost:3100'],
    ['http://localhost:3100/', 'http://localhost:3100/base'],
    ['http://LocalHost:*', 'http://LOCALHOST:1'],
    ['http://localhost:*', 'http://localhost'],
    ['http://localhost', 'http://localhost:80'],
    ['https://crm.example', 'https://crm.example:443'],
    ['http://127.0.0.1:*', 'http://2130706433:3100'],
    ['http://127.1:*', 'http://127.0.0.1:3100'],
    ['http://[0:0:0:0:0:0:0:1]:*', 'http://[::1]:3100'],
    ['https://*.plugins.example', 'https://crm.plugins.example'],
    ['https://*.plugins.example:*', 'https://crm.plugins.example:8443'],
    ['http://169.254.169.254', 'http://169.254.169.254'],
  ])('%s allows %s', (pattern, url) => {
    expect(matches(pattern, url)).toBe(true);
  });

  it.each<[string, string, string]>([
    ['another scheme', 'http://localhost:*', 'https://localhost:3100'],
    ['another port', 'http://localhost:3100', 'http://localhost:3101'],
    ['a longer port', 'http://localhost:310', 'http://localhost:3100'],
    ['no port', 'http://localhost:3100', 'http://localhost'],
    ['the pattern as a prefix of the host', 'http://localhost:*', 'http://localhost.evil.example:3100'],
    ['the pattern as a user name', 'http://localhost:*', 'http://localhost:3100@evil.example'],
    ['the pattern in the path', 'http://localhost:*', 'http://evil.example/localhost:3100'],
    ['the pattern as a suffix without a dot', 'https://*.plugins.example', 'https://evilplugins.example'],
    ['no label for the star', 'https://*.plugins.example', 'https://plugins.example'],
    ['two labels for the star', 'https://*.plugins.example', 'https://a.b.plugins.example'],
    ['an empty label for the star', 'https://*.plugins.example', 'https://.plugins.example'],
    ['localhost by its address', 'http://localhost:*', 'http://127.0.0.1:3100'],
    ['metadata in decimal', 'http://localhost:*', 'http://2852039166'],
    ['metadata in hex', 'http://localhost:*', 'http://0xa9fea9fe'],
    ['metadata in IPv6', 'http://localhost:*', 'http://[::ffff:169.254.169.254]'],
    ['IPv4 inside IPv6', 'http://127.0.0.1:*', 'http://[::ffff:127.0.0.1]:3100'],
    ['a dot at the end', 'http://localhost:*', 'http://localhost.:3100'],
    ['a lookalike', 'http://localhost:*', 'http://lоcalhost:3100'],
  ])('%s: %s does not allow %s', (_name, pattern, url) => {
    expect(matches(pattern, url)).toBe(false);
  });
});

function matches(text: string, url: string): boolean {
  const pattern = parseOriginPattern(text);
  if (pattern === undefined) throw new Error(`${text} is not a pattern`);
  return matchesOrigin(pattern, new URL(url));
}
