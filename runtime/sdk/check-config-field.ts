import type { ConfigFieldSchema } from './plugin-config.ts';

/** What is wrong with the value of one setting; undefined where nothing is. */
export function checkConfigField(field: ConfigFieldSchema, value: unknown): string | undefined {
  const broken = brokenRule(field, value);
  if (broken === undefined) return undefined;
  const asked = field['x-message'];
  return asked === undefined ? broken : `${asked} (${broken})`;
}

function brokenRule(field: ConfigFieldSchema, value: unknown): string | undefined {
  if (field.enum !== undefined) return isChoice(field.enum, value) ? undefined : mustBeOneOf(field.enum);
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? brokenText(field, value) : 'must be text';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
        ? brokenNumber(field, value)
        : 'must be a number';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'array':
      return brokenList(field.items?.enum ?? [], value);
    default:
      return isJson(value) ? undefined : 'must be a JSON value';
  }
}

/** Values stay out of messages: a setting may be a secret. Lengths count characters, as JSON Schema does. */
function brokenText(field: ConfigFieldSchema, value: string): string | undefined {
  const length = [...value].length;
  if (field.minLength !== undefined && length < field.minLength) {
    return `must have at least ${field.minLength} characters, and has ${length}`;
  }
  if (field.maxLength !== undefined && length > field.maxLength) {
    return `must have at most ${field.maxLength} characters, and has ${length}`;
  }
  if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(value)) {
    return `must match ${field.pattern}`;
  }
  return undefined;
}

function brokenNumber({ minimum, maximum }: ConfigFieldSchema, value: number): string | undefined {
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}, and is ${value}`;
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}, and is ${value}`;
  return undefined;
}

function brokenList(choices: readonly string[], value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'must be a list';
  if (!value.every((item) => isChoice(choices, item))) return `must hold only ${listed(choices)}`;
  return new Set(value).size === value.length ? undefined : 'must name each choice once';
}

function isChoice(choices: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && choices.includes(value);
}

function mustBeOneOf(choices: readonly string[]): string {
  return `must be ${choices.length === 1 ? '' : 'one of '}${listed(choices)}`;
}

function listed(choices: readonly string[]): string {
  return choices.map((choice) => JSON.stringify(choice)).join(', ');
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}
