import { describe, expect, it } from 'vitest';
import { readRegistration } from './read-registration.ts';

/** Word for word from the plugin backend guide. */
const GUIDE = `{
    "pluginId": "plugin-myplugin",
    "services": [
      {
        "name": "myplugin.items",
        "version": "1.0.0",
        "baseUrl": "http://localhost:3300",
        "endpoints": [
          { "method": "GET", "path": "/items" },
          { "method": "GET", "path": "/items/:id" },
          { "method": "POST", "path": "/items" },
          { "method": "PUT", "path": "/items/:id" },
          { "method": "DELETE", "path": "/items/:id" }
        ]
      }
    ]
  }`;

const service = { name: 'a.b', version: '1.0.0', baseUrl: 'http://localhost:1', endpoints: [] };

describe('readRegistration', () => {
  it("reads the guide's body", () => {
    const registration = readRegistration(JSON.parse(GUIDE));
    expect(registration).toMatchObject({
      pluginId: 'plugin-myplugin',
      baseUrl: { href: 'http://localhost:3300/' },
    });
    expect(registration.services[0]?.endpoints).toHaveLength(5);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the body must be an object'],
    ['text', '{}', 'the body must be an object'],
    ['an empty object', {}, 'pluginId is missing; services is missing'],
    ['no address', { pluginId: 'p', services: [] }, 'baseUrl is missing, and there is no service that says'],
    [
      'an address that is none',
      { pluginId: 'p', baseUrl: 'crm', services: [] },
      'baseUrl must begin with http://',
    ],
    [
      'another address than that of the services',
      { pluginId: 'p', baseUrl: 'http://localhost:2', services: [service] },
      'all services must have the same baseUrl',
    ],
    [
      'every wrong field at once',
      { pluginId: 1, services: [{ name: '', version: '1.0.0', endpoints: [{ method: 'FETCH' }] }] },
      'pluginId must be a string; services[0].baseUrl is missing; services[0].name must not be empty; ' +
        'services[0].endpoints[0].path is missing; services[0].endpoints[0].method must be one of GET, POST, PUT, PATCH, DELETE',
    ],
    [
      'a version and an address that are none',
      { pluginId: 'p', services: [{ ...service, version: 'banana', baseUrl: 'localhost' }] },
      'services[0].version must be a version such as 1.0.0; services[0].baseUrl must begin with http:// or https://',
    ],
    [
      'a loose version',
      { pluginId: 'p', services: [{ ...service, version: 'v1.0.0' }] },
      'services[0].version must be',
    ],
    [
      'two addresses',
      { pluginId: 'p', services: [service, { ...service, baseUrl: 'http://localhost:2' }] },
      'all services must have the same baseUrl: register each instance by itself',
    ],
    [
      'too many mistakes to list',
      { pluginId: 'p', services: Array.from({ length: 100 }, () => ({})) },
      'and 380 more',
    ],
  ])('%s is told', (_name, body, problems) => {
    expect(() => readRegistration(body)).toThrow(
      expect.objectContaining({ code: 'registration-invalid', message: expect.stringContaining(problems) }),
    );
  });
});
