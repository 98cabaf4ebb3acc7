import { referencedName } from '../../ir/dereference.ts';
import type { Plugin } from '../../ir/program.ts';
import { plain } from './type-node.ts';
import type { TypeContext } from './type-of-schema.ts';

/**
 * Names the types of a plugin's named schemas.
 *
 * @param prefix what stands before a name: `schemas.` where the types are imported as a namespace
 */
export function typeContext(
  plugin: Plugin,
  values: TypeContext['values'],
  prefix: '' | 'schemas.',
): TypeContext {
  return {
    values,
    typeOfReference(ref) {
      const name = referencedName(ref);
      return name === undefined || !plugin.schemas.has(name) ? undefined : plain(`${prefix}${name}`);
    },
  };
}
