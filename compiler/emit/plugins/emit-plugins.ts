import type { Plugin, Program } from '../../ir/program.ts';
import { schemasPath } from '../clients/schemas-file.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { hardLine, join, type Layout } from '../typescript/layout.ts';
import { printTypeDeclaration } from '../typescript/print-declaration.ts';
import { printFile } from '../typescript/print-file.ts';
import { printObjectLiteral, printValue } from '../typescript/print-value.ts';
import { propertyKey } from '../typescript/text.ts';
import { configSchema, configType } from './config-type.ts';
import { routeSchemas } from './route-schemas.ts';
import { routeType } from './route-type.ts';

/** `plugins/<plugin>.ts`: what a plugin's own backend takes from its manifest. */
export function* emitPlugins({ plugins }: Program): Generator<EmittedFile> {
  for (const plugin of plugins) {
    yield printFile(`plugins/${plugin.id.value}.ts`, plugin, [
      imports(plugin),
      identity(plugin),
      names(
        'permissions',
        'The permissions that this plugin defines.',
        plugin.permissions.map(({ name }) => name),
      ),
      names('publishedEvents', 'The events that this plugin publishes.', eventNames(plugin, 'publishes')),
      names(
        'subscribedEvents',
        'The events that this plugin subscribes to.',
        eventNames(plugin, 'subscribes'),
      ),
      names('hooks', 'The hooks that the platform calls.', hookNames(plugin)),
      config(plugin),
      schemas(plugin),
      routeTypes(plugin),
      routeData(plugin),
    ]);
  }
}

function imports(plugin: Plugin): Layout {
  const rows = ["import type { PluginConfigSchema, PluginIdentity } from '@plexica/sdk';"];
  if (plugin.schemas.size > 0) rows.push(`import type * as schemas from '../${schemasPath(plugin)}';`);
  return join(hardLine, rows);
}

function schemas(plugin: Plugin): Layout {
  return plugin.schemas.size > 0 ? `export type * from '../${schemasPath(plugin)}';` : '';
}

function identity({ id, name, version, services }: Plugin): Layout {
  const value = {
    id: id.value,
    name,
    version: version.value,
    services: services.map((service) => ({
      name: service.name.value,
      version: service.version.value,
      endpoints: service.endpoints.map(({ route }) => ({ method: route.method, path: route.path.value })),
    })),
  };
  return [
    docComment({ text: 'Who this plugin is: what it registers with the gateway and shows under /info.' }),
    'export const plugin = ',
    printValue(value),
    ' as const satisfies PluginIdentity;',
  ];
}

function names(constant: string, text: string, values: readonly string[]): Layout {
  return [
    docComment({ text }),
    `export const ${constant} = `,
    printValue([...new Set(values)]),
    ' as const;',
  ];
}

function eventNames({ manifest }: Plugin, direction: 'publishes' | 'subscribes'): string[] {
  return (manifest.value.events?.[direction] ?? []).map((event) =>
    typeof event === 'string' ? event : event.name,
  );
}

function hookNames({ manifest }: Plugin): string[] {
  return (manifest.value.backend?.hooks ?? []).map(({ name }) => name);
}

function config(plugin: Plugin): Layout {
  const fields = plugin.manifest.value.config ?? [];
  const typeName = `${plugin.typeName}Config`;
  return [
    printTypeDeclaration(typeName, configType(fields), {
      text: 'The settings of this plugin, with defaults filled in.',
    }),
    hardLine,
    hardLine,
    docComment({ text: 'Those settings as a JSON Schema, for `loadPluginConfig`.' }),
    `export const configSchema: PluginConfigSchema<${typeName}> = `,
    printValue(configSchema(fields)),
    ';',
  ];
}

function routeTypes(plugin: Plugin): Layout {
  return printTypeDeclaration(
    'Routes',
    {
      kind: 'object',
      index: undefined,
      properties: plugin.routes.map((route) => ({
        name: route.operationId.value,
        optional: false,
        type: routeType(route),
        text: route.description,
        deprecated: route.deprecated,
      })),
    },
    { text: 'The types of each route, as Fastify takes them: `app.route<Routes[…]>`.' },
  );
}

/** Route schemas without `$ref`s, as Fastify takes them. */
function routeData(plugin: Plugin): Layout {
  const members = plugin.routes.map((route) => {
    const value = { method: route.method, url: route.path.value, schema: routeSchemas(route) };
    return [propertyKey(route.operationId.value), printValue(value)] as const;
  });
  return [
    docComment({ text: 'Method, path and schemas of each route, as Fastify takes them.' }),
    'export const routes = ',
    printObjectLiteral(members),
    " satisfies Record<string, { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string; schema: object }>;",
  ];
}
