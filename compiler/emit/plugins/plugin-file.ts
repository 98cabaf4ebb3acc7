import type { Plugin, Program } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { exportTypes, importNames } from '../typescript/imports.ts';
import type { Layout } from '../typescript/layout.ts';
import { printLiteral } from '../typescript/literal.ts';
import { printMembers } from '../typescript/print-type.ts';
import { schemaTypesPath } from '../typescript/schema-types.ts';
import { sourceFile } from '../typescript/source-file.ts';
import { configSchema, configTypeName, configType } from './plugin-config.ts';
import { pluginConstants } from './plugin-constants.ts';
import { routeDefinitions } from './route-definitions.ts';
import { routeTypes } from './route-types.ts';

/** What a plugin's own backend imports: who it is, its config, and its routes as Fastify takes them. */
export function pluginFile(plugin: Plugin, program: Program): EmittedFile {
  const schemas = `../${schemaTypesPath(plugin)}`;
  const parts = [...configParts(plugin), ...routeParts(plugin)];
  const own = new Set([configTypeName(plugin), 'Routes']);
  const reexported = [...plugin.schemas.keys()].filter((name) => !own.has(name));
  const code = printLayout(parts);
  const imported = SDK_TYPES.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return sourceFile(`plugins/${plugin.id.value}.ts`, plugin, program, {
    imports: [
      ...(imported.length > 0 ? [importNames(imported.map((name) => ({ name, typeOnly: true })), '@plexica/sdk')] : []),
      ...(code.includes('schemas.') ? [`import type * as schemas from '${schemas}';`] : []),
    ],
    parts: [
      ...(reexported.length > 0 ? [exportTypes(reexported, schemas)] : []),
      [
        docComment({ text: `Who ${plugin.id.value} is, as its manifest says.` }),
        'export const plugin = ',
        printLiteral(pluginConstants(plugin)),
        ' as const;',
      ],
      ...config.parts,
      ...routes.parts,
    ],
  });
}
