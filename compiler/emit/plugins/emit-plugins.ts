import type { Emitter } from '../emitter.ts';
import { pluginFile } from './plugin-file.ts';
import { schemaTypesFile } from './schema-types-file.ts';

/**
 * `plugins/<plugin>.ts`, what a plugin's own backend imports, and `schemas/<plugin>.ts`, the types of its named
 * schemas, which its clients import too.
 */
export const emitPlugins: Emitter = function* (program) {
  for (const plugin of program.plugins) {
    yield pluginFile(plugin, program);
    if (plugin.schemas.size > 0) yield schemaTypesFile(plugin, program);
  }
};
