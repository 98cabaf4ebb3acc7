import { expect, it } from 'vitest';
import { answerHeaders, type HeaderRecord } from './answer-headers.ts';

const PLAIN = new URL('http://10.0.0.7:3100');
const BELOW = new URL('http://10.0.0.7:3100/crm/');
const answer = (headers: HeaderRecord, baseUrl = PLAIN) => answerHeaders(headers, 'plugin-crm', baseUrl);

it('passes on what is about the answer', () => {
  const headers = { 'content-type': 'text/plain', etag: '"1"', vary: ['a', 'b'], 'content-length': '3' };
  expect(answer(headers)).toEqual(headers);
});

it.each([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-authenticate',
  'x-plexica-context',
  'x_plexica_context',
  'set-cookie',
  'alt-svc',
  'x-request-id',
  'access-control-allow-origin',
  'Access-Control-Allow-Credentials',
  'access_control_allow_origin',
  'strict-transport-security',
  'clear-site-data',
  'service-worker-allowed',
])('drops %s', (name) => {
  expect(answer({ [name]: 'x' })).toEqual({});
});

it('drops what Connection names', () => {
  expect(answer({ connection: 'X-Secret, close', 'x-secret': '1', etag: '2' })).toEqual({ etag: '2' });
});

it.each([
  ['http://10.0.0.7:3100/contacts/7?a=b#c', PLAIN, '/api/plugin-gateway/plugin-crm/contacts/7?a=b#c'],
  ['/contacts/7', PLAIN, '/api/plugin-gateway/plugin-crm/contacts/7'],
  ['//10.0.0.7:3100/contacts/7', PLAIN, '/api/plugin-gateway/plugin-crm/contacts/7'],
  ['\\\\10.0.0.7:3100\\contacts', PLAIN, '/api/plugin-gateway/plugin-crm/contacts'],
  ['HTTP://10.0.0.7:3100', PLAIN, '/api/plugin-gateway/plugin-crm/'],
  ['http://10.0.0.7:3100/crm/contacts/7', BELOW, '/api/plugin-gateway/plugin-crm/contacts/7'],
  ['/crm/contacts/7', BELOW, '/api/plugin-gateway/plugin-crm/contacts/7'],
  ['/crmx', BELOW, '/api/plugin-gateway/plugin-crm/crmx'],
  ['https://elsewhere.example/a', PLAIN, 'https://elsewhere.example/a'],
  ['7?x=1', PLAIN, '7?x=1'],
  ['../contacts', PLAIN, '../contacts'],
  ['?page=2', PLAIN, '?page=2'],
  ['http://[', PLAIN, 'http://['],
])('Location %s becomes one at the gateway where it is the plugin’s', (location, baseUrl, expected) => {
  expect(answer({ location, 'content-location': location }, baseUrl)).toEqual({
    location: expected,
    'content-location': expected,
  });
});
