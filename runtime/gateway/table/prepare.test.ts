import { expect, it } from 'vitest';
import { BASE_PATH } from '../base-path.ts';
import { SetupError } from '../errors.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { matchRoute } from '../rules/match.ts';
import { ANALYTICS, CRM, route } from '../testing/start-gateway.ts';

it('knows for every route whose edges cover it', () => {
  const table = tableOf([CRM, ANALYTICS]);
  const callers = (method: string, path: string) => [
    ...matchRoute(table, method, `${BASE_PATH}/plugin-crm${path}`).route.callers,
  ];
  expect(callers('GET', '/contacts')).toEqual(['plugin-analytics']);
  expect(callers('GET', '/contacts/7')).toEqual(['plugin-analytics']);
  expect(callers('POST', '/contacts')).toEqual([]);
  expect(callers('GET', '/internal')).toEqual([]);
});

it('finds services by name', () => {
  const { services } = tableOf([CRM, ANALYTICS]);
  expect(services.get('crm.internal')?.plugin.id).toBe('plugin-crm');
});

it.each([
  ['the same request twice', ['GET /a/:id', 'GET /a/:name'], 'GET /a/:id and GET /a/:name of crm'],
  ['a path that no request can have', ['GET /a/../b'], 'GET /a/../b of crm'],
])('refuses %s', (_, endpoints, message) => {
  const prepare = () => tableOf([{ id: 'crm', routes: endpoints.map((endpoint) => route(endpoint)) }]);
  expect(prepare).toThrow(SetupError);
  expect(prepare).toThrow(message);
});

it('arranges 20,000 routes of 1,000 plugins, and finds every one', () => {
  const plugins = Array.from({ length: 1000 }, (_, plugin) => ({
    id: `plugin-${plugin}`,
    routes: Array.from({ length: 20 }, (_, number) => route(`GET /things-${number}/:id/parts-${plugin}`)),
  }));
  const table = tableOf(plugins);
  for (const { id, routes } of plugins) {
    for (const { path } of routes) {
      const match = matchRoute(table, 'GET', `${BASE_PATH}/${id}${path.replace(':id', '7')}`);
      if (match.route.route.path !== path) expect.fail(`${path} of ${id} led to ${match.route.endpoint}`);
    }
  }
  expect(table.plugins.size).toBe(1000);
});
