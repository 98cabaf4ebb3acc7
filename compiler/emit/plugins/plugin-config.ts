import type { PluginConfigField } from '@plexica/types';
import type { Plugin } from '../../ir/program.ts';
import { type ObjectType, object, plain, type TypeNode, union, unknown } from '../typescript/type-node.ts';
import { typeOfValue } from '../typescript/type-of-schema.ts';

/** `PluginCrmConfig`. */
export function configTypeName({ typeName }: Plugin): string {
  return `${typeName}Config`;
}

/** The type of a plugin's settings once defaults are filled in. */
export function configType(fields: readonly PluginConfigField[]): ObjectType {
  return object(
    fields.map((field) => ({
      name: field.key,
      optional: field.required !== true && field.default === undefined,
      type: typeOfField(field),
      text: field.description ?? field.label,
    })),
  );
}

/** The JSON Schema of a plugin's settings, as the SDK's `loadPluginConfig` takes it. */
export function configSchema(fields: readonly PluginConfigField[]): object {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.key, schemaOfField(field)])),
    required: fields.filter(({ required }) => required === true).map(({ key }) => key),
    additionalProperties: false,
  };
}

function typeOfField({ type, options = [] }: PluginConfigField): TypeNode {
  const choices = union(options.map(({ value }) => typeOfValue(value)));
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return plain(type);
    case 'select':
      return choices;
    case 'multiselect':
      return { kind: 'array', item: choices };
    case 'json':
      return unknown;
  }
}

function schemaOfField(field: PluginConfigField): object {
  const { label: title, description, default: standard, validation = {} } = field;
  return {
    ...rulesOfField(field),
    title,
    description,
    default: standard,
    'x-message': validation.message,
  };
}

/** Only the rules that mean something for the type: the others say nothing. */
function rulesOfField({ type, options = [], validation = {} }: PluginConfigField): object {
  const { min, max, minLength, maxLength, pattern } = validation;
  const choices = options.map(({ value }) => value);
  switch (type) {
    case 'string':
      return { type, minLength, maxLength, pattern };
    case 'number':
      return { type, minimum: min, maximum: max };
    case 'boolean':
      return { type };
    case 'select':
      return { type: 'string', enum: choices };
    case 'multiselect':
      return { type: 'array', items: { enum: choices }, uniqueItems: true };
    case 'json':
      return {};
  }
}
