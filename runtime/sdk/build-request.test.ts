import { expect, test } from 'vitest';
import type { Endpoint } from './endpoint.ts';
import { connect } from './testing/connect.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { startServer } from './testing/test-server.ts';

const byId = contactsEndpoint({ path: '/contacts/:id' });
const create = contactsEndpoint({ method: 'POST', body: true, idempotent: false });
const withHeaders = contactsEndpoint({ headers: true });
const received = (endpoint: Endpoint) => `/api/plugin-gateway/${endpoint.pluginId}`;

test.for<{ title: string; endpoint: Endpoint; input: object; url: string }>([
  { title: 'a plain parameter', endpoint: byId, input: { id: 'c-1' }, url: '/contacts/c-1' },
  { title: 'a number', endpoint: byId, input: { id: 0 }, url: '/contacts/0' },
  { title: 'a boolean', endpoint: byId, input: { id: false }, url: '/contacts/false' },
  {
    title: 'delimiters',
    endpoint: byId,
    input: { id: 'a?b#c&d%2e e' },
    url: '/contacts/a%3Fb%23c%26d%252e%20e',
  },
  { title: 'other scripts', endpoint: byId, input: { id: 'ñ😀' }, url: '/contacts/%C3%B1%F0%9F%98%80' },
  { title: 'three dots', endpoint: byId, input: { id: '...' }, url: '/contacts/...' },
  {
    title: 'two parameters and a query',
    endpoint: contactsEndpoint({ path: '/a/:x/b/:y' }),
    input: { y: 2, z: 3, x: 1 },
    url: '/a/1/b/2?z=3',
  },
  { title: 'no input', endpoint: contactsEndpoint(), input: {}, url: '/contacts' },
  {
    title: 'a repeated query',
    endpoint: contactsEndpoint(),
    input: { tag: ['a', 'b c'], take: 10 },
    url: '/contacts?tag=a&tag=b+c&take=10',
  },
  {
    title: 'undefined and an empty list',
    endpoint: contactsEndpoint(),
    input: { search: undefined, tag: [], take: 0 },
    url: '/contacts?take=0',
  },
  {
    title: 'null and falsy values',
    endpoint: contactsEndpoint(),
    input: { a: null, b: '', c: false },
    url: '/contacts?a=&b=&c=false',
  },
  {
    title: 'members named like a prototype',
    endpoint: contactsEndpoint(),
    input: JSON.parse('{"__proto__":"x","constructor":"y"}'),
    url: '/contacts?__proto__=x&constructor=y',
  },
  {
    title: 'a query named body, where there is no body',
    endpoint: contactsEndpoint(),
    input: { body: 'x', headers: 'y' },
    url: '/contacts?body=x&headers=y',
  },
])('sends $title as $url', async ({ endpoint, input, url }) => {
  const server = await startServer(() => ({ text: '1' }));
  await connect(server).call(endpoint, input);
  expect(server.received.map((request) => request.url)).toEqual([received(endpoint) + url]);
});

test.for<{ endpoint: Endpoint; input: object; says: string }>([
  { endpoint: byId, input: {}, says: 'path parameter "id" is missing' },
  { endpoint: byId, input: { id: '' }, says: 'path parameter "id" is empty' },
  ...['.', '..', 'a/b', '../x', 'a\\b', 'a\u0000', 'a\nb', '\u007f'].map((id) => ({
    endpoint: byId,
    input: { id },
    says: `path parameter "id" is ${JSON.stringify(id)}, which cannot stand in a path`,
  })),
  { endpoint: byId, input: { id: '\ud800' }, says: 'not well-formed Unicode' },
  { endpoint: byId, input: { id: null }, says: 'path parameter "id" is neither text' },
  { endpoint: byId, input: { id: Number.NaN }, says: 'path parameter "id" is neither text' },
  { endpoint: byId, input: { id: ['a'] }, says: 'path parameter "id" is neither text' },
  { endpoint: contactsEndpoint(), input: { filter: { a: 1 } }, says: 'query "filter" holds' },
  { endpoint: contactsEndpoint(), input: { take: Number.POSITIVE_INFINITY }, says: 'query "take" holds' },
  { endpoint: withHeaders, input: { headers: 'x' }, says: 'headers is not an object' },
  {
    endpoint: withHeaders,
    input: { headers: { 'x-a': 'a\r\nx-b: b' } },
    says: 'header "x-a" holds characters',
  },
  { endpoint: withHeaders, input: { headers: { 'x a': 'b' } }, says: 'header "x a" holds characters' },
  { endpoint: create, input: { body: () => 1 }, says: 'body is not JSON' },
  { endpoint: create, input: { body: 1n }, says: 'body is not JSON' },
])('refuses before sending: $says', async ({ endpoint, input, says }) => {
  const server = await startServer(() => ({ text: '1' }));
  await expect(connect(server).call(endpoint, input)).rejects.toMatchObject({
    code: 'bad-input',
    status: 0,
    service: 'crm.contacts',
    endpoint: `${endpoint.method} ${endpoint.path}`,
    message: expect.stringContaining(says),
  });
  expect(server.received).toEqual([]);
});

test.for(['0', 'false', 'null', '""', '{}', '[]', '{"a":"\\u0000é"}'])(
  'sends the body %s byte by byte',
  async (json) => {
    const body: unknown = JSON.parse(json);
    const server = await startServer(({ body: text }) => ({ text }));
    expect(await connect(server).call(create, { body })).toEqual(body);
    expect(server.received).toMatchObject([
      { method: 'POST', body: json, headers: { 'content-type': 'application/json' } },
    ]);
  },
);

test('sends neither body nor content type where the body is undefined', async () => {
  const server = await startServer(() => ({ text: '1' }));
  await connect(server).call(create, { body: undefined });
  expect(server.received).toMatchObject([{ body: '', url: `${received(create)}/contacts` }]);
  expect(server.received[0]?.headers).not.toHaveProperty('content-type');
});

test('leaves its input alone', async () => {
  const server = await startServer(() => ({ text: '1' }));
  const input = Object.freeze({ id: 'a', tag: Object.freeze(['x']), body: Object.freeze({ a: 1 }) });
  await connect(server).call(contactsEndpoint({ method: 'PUT', path: '/contacts/:id', body: true }), input);
  expect(server.received).toMatchObject([{ url: `${received(byId)}/contacts/a?tag=x`, body: '{"a":1}' }]);
});

test.for<[string, Partial<Endpoint>, object, string | undefined]>([
  [
    'of a generated client',
    { serviceContract: { version: '1.2.0', digest: 'sha256:aa' }, contract: 'sha256:bb' },
    {},
    'crm.contacts@1.2.0 sha256:aa sha256:bb',
  ],
  [
    'whatever the headers of the call say',
    { serviceContract: { version: '1.2.0', digest: 'sha256:aa' }, contract: 'sha256:bb', headers: true },
    { headers: { 'X-Plexica-Contract': 'crm.contacts@9.9.9 sha256:cc sha256:dd' } },
    'crm.contacts@1.2.0 sha256:aa sha256:bb',
  ],
  ['not without one', {}, {}, undefined],
  ['not with half of one', { contract: 'sha256:bb' }, {}, undefined],
])('says from which contract it was made: %s', async ([, stated, input, header]) => {
  const server = await startServer(() => ({ text: '1' }));
  await connect(server).call(contactsEndpoint(stated), input);
  expect(server.received.map(({ headers }) => headers['x-plexica-contract'])).toEqual([header]);
});
