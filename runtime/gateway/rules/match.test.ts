import { expect, it } from 'vitest';
import { BASE_PATH } from '../base-path.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { route } from '../testing/start-gateway.ts';
import { matchRoute } from './match.ts';

const ENDPOINTS = [
  'GET /',
  'GET /contacts',
  'POST /contacts',
  'GET /contacts/:id',
  'DELETE /contacts/:id',
  'POST /contacts/search',
  'GET /contacts/:id/notes/:note',
  'GET /contacts/archive/notes',
  'GET /users/@me',
  'GET /users/:id',
  'GET /café/:id',
  'PUT /only/put',
  'PATCH /only/:what',
  'GET /constructor',
];
const table = tableOf([{ id: 'crm', routes: ENDPOINTS.map((endpoint) => route(endpoint)) }]);

it.each([
  ['GET', '/crm', 'GET /', '/'],
  ['GET', '/crm/', 'GET /', '/'],
  ['GET', '/crm/contacts', 'GET /contacts', '/contacts'],
  ['HEAD', '/crm/contacts', 'GET /contacts', '/contacts'],
  ['GET', '/crm/contacts/7', 'GET /contacts/:id', '/contacts/7'],
  ['GET', '/crm/contacts/a%20b', 'GET /contacts/:id', '/contacts/a%20b'],
  // A static segment wins, …
  ['POST', '/crm/contacts/search', 'POST /contacts/search', '/contacts/search'],
  ['GET', '/crm/contacts/archive/notes', 'GET /contacts/archive/notes', '/contacts/archive/notes'],
  // … and where it leads nowhere, the parameter is tried.
  ['GET', '/crm/contacts/search', 'GET /contacts/:id', '/contacts/search'],
  ['GET', '/crm/contacts/archive/notes/3', 'GET /contacts/:id/notes/:note', '/contacts/archive/notes/3'],
  ['GET', '/crm/users/@me', 'GET /users/@me', '/users/@me'],
  ['GET', '/crm/users/%C3%A9', 'GET /users/:id', '/users/%C3%A9'],
  ['GET', '/crm/caf%C3%A9/1', 'GET /café/:id', '/caf%C3%A9/1'],
  ['GET', '/crm/constructor', 'GET /constructor', '/constructor'],
])('%s %s is %s', (method, path, endpoint, pluginPath) => {
  const match = matchRoute(table, method, BASE_PATH + path);
  expect([match.route.endpoint, match.pluginPath]).toEqual([endpoint, pluginPath]);
});

it.each([
  '/crm/contact',
  '/crm/contacts/',
  '/crm/contacts//',
  '/crm/contacts/7/',
  '/crm/contacts/7/notes',
  '/crm/Contacts',
  '/crm/toString',
  '/crm/__proto__',
  '/CRM/contacts',
  '/',
  '/other/contacts',
  '/__proto__/contacts',
  // Another spelling of a static segment is not a parameter's value.
  '/crm/users/%40me',
])('%s is nothing', (path) => {
  expect(() => matchRoute(table, 'GET', BASE_PATH + path)).toThrow(
    expect.objectContaining({ code: 'route-not-found', status: 404 }),
  );
});

it.each(['', '/', '/api', '/api/plugin-gatewayx/crm', BASE_PATH])('%s is nothing of the gateway', (path) => {
  expect(() => matchRoute(table, 'GET', path)).toThrow(expect.objectContaining({ code: 'route-not-found' }));
});

it.each([
  ['PATCH', '/crm/contacts', 'GET, HEAD, POST'],
  ['OPTIONS', '/crm/contacts/7', 'DELETE, GET, HEAD'],
  ['PUT', '/crm/contacts/search', 'DELETE, GET, HEAD, POST'],
  ['GET', '/crm/only/put', 'PATCH, PUT'],
  ['TRACE', '/crm/', 'GET, HEAD'],
])('%s %s is answered by %s alone', (method, path, allow) => {
  expect(() => matchRoute(table, method, BASE_PATH + path)).toThrow(
    expect.objectContaining({ code: 'method-not-allowed', status: 405, headers: { allow } }),
  );
});
