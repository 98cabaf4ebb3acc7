import type { PluginConfigField } from '@plexica/types';
import { type ObjectNode, objectAt } from '../ir/document.ts';
import type { Plugin } from '../ir/program.ts';

/** One field of a plugin's `config`, with its place. */
export interface ConfigField {
  readonly field: PluginConfigField;
  readonly node: ObjectNode;
}

export function configFields({ manifest: { root, value } }: Plugin): ConfigField[] {
  return (value.config ?? []).map((field, index) => ({ field, node: objectAt(root, ['config', index]) }));
}

/** Whether a field's value is chosen from its options. */
export function hasOptions({ type }: PluginConfigField): boolean {
  return type === 'select' || type === 'multiselect';
}
