import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../check/check-program.ts';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitClients } from './emit-clients.ts';

const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitClients', () => {
  it.each(['shop', 'hostile'])('prints the golden clients of %s', async (name) => {
    await matchGolden(emitClients(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('prints the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitClients(programOf(reversed(files)))]).toEqual([...emitClients(programOf(files))]);
  });

  it('leaves out an optional dependency that is not there, and a plugin that may call nothing', () => {
    const files = (dependencies: readonly object[]) => ({
      'plugins/a/plugin.json': plugin('plugin-a', { dependencies }),
      'plugins/b/plugin.json': plugin('plugin-b', { services: [service('b.things', ['GET /things'])] }),
    });
    const absent = { pluginId: 'plugin-c', serviceName: 'c.things', version: '^1.0.0', required: false };
    const present = { pluginId: 'plugin-b', serviceName: 'b.things', version: '^1.0.0' };
    expect(pathsOf(files([absent]))).toEqual(['clients/services/b.things.ts']);
    expect(pathsOf(files([absent, present]))).toContain('clients/plugin-a.ts');
    expect(textOf(files([absent, present]), 'clients/plugin-a.ts')).not.toContain('c.things');
  });

  it('gathers what several edges say of one service', () => {
    const edge = { pluginId: 'plugin-b', version: '^1.0.0' };
    const text = textOf(
      {
        'plugins/a/plugin.json': plugin('plugin-a', {
          dependencies: [
            { ...edge, serviceName: 'b.things', endpoints: ['DELETE /things/:id'] },
            { ...edge, serviceName: 'b.things', endpoints: ['GET /things'] },
          ],
        }),
        'plugins/b/plugin.json': plugin('plugin-b', {
          services: [service('b.things', ['GET /things', 'POST /things', 'DELETE /things/:id'])],
        }),
      },
      'clients/plugin-a.ts',
    );
    expect(text).toContain("things: Pick<BThings, 'list' | 'delete' | 'health'>;");
    expect(text).toContain("things: pickMethods(bThings(gateway), 'list', 'delete', 'health'),");
  });

  it('says from which contract the client of a service was made, as the route table has it', () => {
    const files = {
      'plugins/b/plugin.json': plugin('plugin-b', {
        services: [service('b.things', ['GET /things']), service('b.others', ['GET /things', 'GET /others'])],
      }),
    };
    const { services, routes } = programOf(files);
    const [things, others] = services.map(({ contract }) => contract);
    const text = textOf(files, 'clients/services/b.things.ts');
    expect(text).toContain(`const bThingsContract = {\n  version: '1.0.0',\n  digest: '${things}',\n};`);
    expect(text).toContain(
      `    serviceContract: bThingsContract,\n    contract: '${routes[0]?.contract}',\n  },`,
    );
    expect(others).not.toBe(things);
    expect(textOf(files, 'clients/services/b.others.ts')).toContain(`contract: '${routes[0]?.contract}'`);
  });

  it('has no method for a WebSocket endpoint, and needs no name for one', () => {
    const live = { method: 'GET', path: '/things', webSocket: true, operationId: 'health' };
    const edge = { pluginId: 'plugin-b', version: '^1.0.0', serviceName: 'b.things' };
    const files = (endpoints: readonly object[], used: readonly string[]) => ({
      'plugins/a/plugin.json': plugin('plugin-a', { dependencies: [{ ...edge, endpoints: used }] }),
      'plugins/b/plugin.json': plugin('plugin-b', { services: [{ ...service('b.things', []), endpoints }] }),
    });
    const put = { method: 'PUT', path: '/things' };

    const both = files([live, put], ['GET /things', 'PUT /things']);
    expect(checkProgram(programOf(both)).filter(({ kind }) => kind.severity === 'error')).toEqual([]);
    expect(textOf(both, 'clients/services/b.things.ts')).toContain(
      'return {\n    update: (input, options) => gateway.call(bThingsEndpoints.update, input, options),\n    health:',
    );
    expect(textOf(both, 'clients/plugin-a.ts')).toContain('things: bThings(gateway),');
    expect(textOf(files([live, put], ['GET /things']), 'clients/plugin-a.ts')).toContain(
      "things: pickMethods(bThings(gateway), 'health'),",
    );
    const alone = files([live], ['GET /things']);
    expect(textOf(alone, 'clients/plugin-a.ts')).toContain('things: bThings(gateway),');
    expect(textOf(alone, 'clients/services/b.things.ts')).not.toMatch(/Inputs|Contract/);
  });

  it.each<[string, object, string]>([
    ['nothing', {}, 'list(input?: BThingsInputs['],
    [
      'optional query',
      { schema: { querystring: { type: 'object', properties: { take: { type: 'integer' } } } } },
      'list(input?: BThingsInputs[',
    ],
    [
      'required query, in a named schema',
      { schema: { querystring: { $ref: '#/schemas/Query' } } },
      'list(input: BThingsInputs[',
    ],
    ['a path parameter', { path: '/things/:id' }, 'get(input: BThingsInputs['],
    ['a body', { method: 'POST', body: { type: 'string' } }, 'create(input: BThingsInputs['],
    ['a body that it does not describe', { method: 'POST' }, 'create(input?: BThingsInputs['],
    [
      'headers that the gateway sets',
      { schema: { headers: headersOf('X-Tenant-ID', 'x-plexica-context', 'authorization') } },
      'list(input?: BThingsInputs[',
    ],
    [
      'headers of its own',
      { schema: { headers: headersOf('x-tenant-id', 'if-match') } },
      'list(input: BThingsInputs[',
    ],
  ])('asks for an input where the endpoint needs one: %s', (_, endpoint, signature) => {
    const files = {
      'plugins/b/plugin.json': {
        ...plugin('plugin-b', {
          services: [
            {
              ...service('b.things', []),
              endpoints: [
                { method: 'GET', path: '/things', ...endpoint },
                { method: 'PUT', path: '/things' },
              ],
            },
          ],
        }),
        schemas: { Query: { type: 'object', required: ['q'], properties: { q: { type: 'string' } } } },
      },
    };
    expect(textOf(files, 'clients/services/b.things.ts')).toContain(signature);
  });
});

function plugin(id: string, api: object): object {
  return { id, name: id, version: '1.0.0', api };
}

function service(name: string, endpoints: readonly string[]): object {
  return {
    name,
    version: '1.0.0',
    endpoints: endpoints.map((endpoint) => {
      const [method, path] = endpoint.split(' ');
      return { method, path };
    }),
  };
}

function headersOf(...names: readonly string[]): object {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  return { type: 'object', required: names, properties };
}

function pathsOf(files: Parameters<typeof programOf>[0]): string[] {
  return [...emitClients(programOf(files))].map(({ path }) => path);
}

function textOf(files: Parameters<typeof programOf>[0], path: string): string | undefined {
  return [...emitClients(programOf(files))].find((file) => file.path === path)?.text;
}
