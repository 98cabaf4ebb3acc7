import type { PluginConfigField } from '@plexica/types';
import { object, type PropertyType, plain, type TypeNode, union } from '../typescript/type-node.ts';
import { typeOfValue } from '../typescript/type-of-schema.ts';

/** The type of a plugin's settings: a setting that is required or has a default is always there. */
export function configType(fields: readonly PluginConfigField[]): TypeNode {
  return object(
    fields.map(
      (field): PropertyType => ({
        name: field.key,
        optional: field.required !== true && field.default === undefined,
        type: fieldType(field),
        text: field.description ?? field.label,
      }),
    ),
  );
}

/** The same as a JSON Schema, in the form that the SDK's `loadPluginConfig` reads. */
export function configSchema(fields: readonly PluginConfigField[]): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.key, fieldSchema(field)])),
    required: fields.filter(({ required }) => required === true).map(({ key }) => key),
    additionalProperties: false,
  };
}

function fieldType({ type, options = [] }: PluginConfigField): TypeNode {
  const choices = union(options.map(({ value }) => typeOfValue(value)));
  switch (type) {
    case 'select':
      return choices;
    case 'multiselect':
      return { kind: 'array', item: choices };
    case 'json':
      return plain('unknown');
    case 'string':
    case 'number':
    case 'boolean':
      return plain(type);
  }
}

function fieldSchema({
  type,
  label,
  description,
  options = [],
  validation = {},
  ...field
}: PluginConfigField) {
  const choices = options.map(({ value }) => value);
  return {
    ...(type === 'select' && { enum: choices }),
    ...(type === 'multiselect' && { type: 'array', items: { enum: choices }, uniqueItems: true }),
    ...((type === 'string' || type === 'number' || type === 'boolean') && { type }),
    title: label,
    description,
    default: field.default,
    minimum: validation.min,
    maximum: validation.max,
    minLength: validation.minLength,
    maxLength: validation.maxLength,
    pattern: validation.pattern,
    'x-message': validation.message,
  };
}
