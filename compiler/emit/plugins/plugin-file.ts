import type { Plugin, Program } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { exportTypes, importTypes } from '../typescript/imports.ts';
import type { Layout } from '../typescript/layout.ts';
import { printConstant } from '../typescript/literal.ts';
import { printMembers } from '../typescript/print-type.ts';
import { schemaTypesPath } from '../typescript/schema-types.ts';
import { sourceFile } from '../typescript/source-file.ts';
import { namesIn, type PropertyType } from '../typescript/type-node.ts';
import { configSchema, configType, configTypeName } from './plugin-config.ts';
import { pluginConstants } from './plugin-constants.ts';
import { routeDefinitions } from './route-definitions.ts';
import { routeTypes } from './route-types.ts';

const ROUTES = 'Routes';

/** What a plugin's own backend imports: who it is, its config, and its routes as Fastify takes them. */
export function pluginFile(plugin: Plugin, program: Program): EmittedFile {
  const schemas = `../${schemaTypesPath(plugin)}`;
  const routes = routeTypes(plugin);
  const own = [configTypeName(plugin), ROUTES];
  const reexported = [...plugin.schemas.keys()].filter((name) => !own.includes(name));
  const parts = [constantsPart(plugin), ...configParts(plugin), ...routeParts(plugin, routes)];
  return sourceFile(`plugins/${plugin.id.value}.ts`, plugin, program, {
    imports: importsOf(plugin, routes, schemas),
    parts: [...(reexported.length > 0 ? [exportTypes(reexported, schemas)] : []), ...parts],
  });
}

function importsOf(plugin: Plugin, routes: readonly PropertyType[], schemas: string): Layout[] {
  const used = [...namesIn(routes.map(({ type }) => type))];
  const fromSdk = used.filter((name) => !name.includes('.'));
  if (plugin.manifest.value.config !== undefined) fromSdk.push('PluginConfigSchema');
  if (routes.length > 0) fromSdk.push('RouteDefinitions');
  const usesSchemas = used.some((name) => name.startsWith('schemas.'));
  return [
    ...(fromSdk.length > 0 ? [importTypes(fromSdk, '@plexica/sdk')] : []),
    ...(usesSchemas ? [`import type * as schemas from '${schemas}';`] : []),
  ];
}

function constantsPart(plugin: Plugin): Layout {
  return [
    docComment({ text: 'Who this plugin is, as its manifest says.' }),
    printConstant('export const plugin = ', pluginConstants(plugin), ' as const;'),
  ];
}

function configParts(plugin: Plugin): Layout[] {
  const fields = plugin.manifest.value.config;
  if (fields === undefined) return [];
  const name = configTypeName(plugin);
  const { properties } = configType(fields);
  return [
    [
      docComment({ text: 'The settings of this plugin, with defaults filled in.' }),
      properties.length > 0
        ? [`export interface ${name} `, printMembers(properties)]
        : `export type ${name} = { [key: string]: never };`,
    ],
    [
      docComment({ text: 'The settings of this plugin as a JSON Schema, for `loadPluginConfig`.' }),
      printConstant(`export const configSchema: PluginConfigSchema<${name}> = `, configSchema(fields), ';'),
    ],
  ];
}

function routeParts(plugin: Plugin, types: readonly PropertyType[]): Layout[] {
  if (types.length === 0) return [];
  const { constants, routes } = routeDefinitions(plugin);
  return [
    [
      docComment({ text: "What Fastify's generics want to know of each route." }),
      `export interface ${ROUTES} `,
      printMembers(types),
    ],
    ...constants,
    [
      docComment({
        text: "Each route with its schemas: `app.route<Routes['name']>({ ...routes.name, handler })`.",
      }),
      printConstant(`export const routes: RouteDefinitions<${ROUTES}> = `, routes, ';'),
    ],
  ];
}
