import { describe, expect, it } from 'vitest';
import { readBaseUrl } from './base-url.ts';

describe('readBaseUrl', () => {
  it.each<[string, string]>([
    ['http://localhost:3300', 'http://localhost:3300/'],
    ['http://LOCALHOST:3300/', 'http://localhost:3300/'],
    ['https://crm.plugins.example/base/v1', 'https://crm.plugins.example/base/v1'],
    ['http://[::1]:3300', 'http://[::1]:3300/'],
    // What these lead to is for the origin patterns to judge; they are read as the client reads them.
    ['http://2130706433:3300', 'http://127.0.0.1:3300/'],
    ['http://0x7f.1:3300', 'http://127.0.0.1:3300/'],
    ['http://[::ffff:169.254.169.254]', 'http://[::ffff:a9fe:a9fe]/'],
    ['http://localhost/a/../b', 'http://localhost/b'],
  ])('%s is %s', (text, href) => {
    expect(readBaseUrl(text)).toMatchObject({ ok: true, url: { href } });
  });

  it.each<[string, string]>([
    ['', 'must begin with http:// or https://'],
    ['localhost:3300', 'must begin with http:// or https://'],
    ['//localhost', 'must begin with http:// or https://'],
    ['http:localhost', 'must begin with http:// or https://'],
    ['file:///etc/passwd', 'must begin with http:// or https://'],
    ['gopher://localhost', 'must begin with http:// or https://'],
    ['ftp://localhost', 'must begin with http:// or https://'],
    ['unix:/var/run/docker.sock', 'must begin with http:// or https://'],
    ['http://', 'is not a URL'],
    ['http://localhost:99999', 'is not a URL'],
    ['http://[::1', 'is not a URL'],
    ['http://localhost@169.254.169.254', 'must not contain a user name or password'],
    ['http://user:secret@localhost', 'must not contain a user name or password'],
    ['http://@localhost', 'must not contain a user name or password'],
    ['http://:@localhost', 'must not contain a user name or password'],
    ['http://localhost/?x=1', 'must not have a query or a fragment'],
    ['http://localhost?', 'must not have a query or a fragment'],
    ['http://localhost#', 'must not have a query or a fragment'],
    ['http://*.plugins.example', 'must name a host'],
    ['http://$(id).plugins.example', 'must name a host'],
    ['http://localhost.', 'must not have a host name that ends with a dot'],
    [' http://localhost', 'must not contain white space, "\\" or control characters'],
    ['http://local\thost', 'must not contain white space, "\\" or control characters'],
    ['http://localhost\r\nHost: x', 'must not contain white space, "\\" or control characters'],
    ['http://localhost\\@evil.example', 'must not contain white space, "\\" or control characters'],
    ['http://localhost/a%2fb', 'may have only letters'],
    ['http://localhost//a', 'may have only letters'],
    ['http://localhost/a;b', 'may have only letters'],
  ])('%j %s', (text, problem) => {
    expect(readBaseUrl(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});
