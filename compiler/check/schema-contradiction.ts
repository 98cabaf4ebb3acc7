import type { JsonSchema } from '@plexica/types';
import { quote } from '../diagnostics/quote.ts';
import { type NamedSchemas, resolveReference } from '../ir/dereference.ts';
import { isSchemaObject } from '../ir/subschemas.ts';
import { quotedList } from './quoted-list.ts';

/** A schema and the named schemas of its plugin. */
export interface DescribedValue {
  readonly schema: JsonSchema;
  readonly schemas: NamedSchemas;
}

/**
 * The first thing that a reader expects of a value and its writer does not promise, in words; undefined where there is
 * none to be seen. Only what is plain counts: types, values, members. What alternatives and conditions say is left out.
 */
export function schemaContradiction(reader: DescribedValue, writer: DescribedValue): string | undefined {
  // Pairs that were compared once need no second look, however often they are referred to.
  const compared = new Map<JsonSchema, Set<JsonSchema>>();

  const compare = (wantedPart: JsonSchema, promisedPart: JsonSchema, path: string): string | undefined => {
    const others = compared.get(wantedPart) ?? new Set();
    if (others.has(promisedPart)) return undefined;
    compared.set(wantedPart, others.add(promisedPart));
    const wanted = resolveReference(wantedPart, reader.schemas);
    const promised = resolveReference(promisedPart, writer.schemas);
    return (
      typeProblem(wanted, promised, path) ??
      valueProblem(wanted, promised, path) ??
      memberProblem(wanted, promised, path) ??
      firstOf(sharedParts(wanted, promised, path), ([a, b, inner]) => compare(a, b, inner))
    );
  };
  return compare(reader.schema, writer.schema, 'data');
}

function typeProblem(wanted: JsonSchema, promised: JsonSchema, path: string): string | undefined {
  const expected = typesOf(wanted);
  const sent = typesOf(promised);
  if (expected.length === 0) return undefined;
  const stranger = sent.find(
    (type) => !expected.includes(type) && !(type === 'integer' && expected.includes('number')),
  );
  return (
    stranger && `${quote(path)} may be of type ${quote(stranger)}, and not only ${quotedList(expected, 'or')}`
  );
}

function valueProblem(wanted: JsonSchema, promised: JsonSchema, path: string): string | undefined {
  const expected = valuesOf(wanted);
  if (expected === undefined) return undefined;
  const stranger = valuesOf(promised)?.find((value) => !expected.includes(value));
  return stranger && `${quote(path)} may be ${printed(stranger)}, which the subscriber leaves out`;
}

function memberProblem(wanted: JsonSchema, promised: JsonSchema, path: string): string | undefined {
  if (isOpen(promised)) return undefined;
  const known = isSchemaObject(promised.properties) ? promised.properties : {};
  const sent = new Set(namesIn(promised.required));
  const missing = namesIn(wanted.required).find((name) => !sent.has(name));
  if (missing !== undefined) return `${quote(`${path}.${missing}`)} may be missing`;
  if (promised.additionalProperties !== false || !isSchemaObject(wanted.properties)) return undefined;
  const unknown = Object.keys(wanted.properties).find((name) => !Object.hasOwn(known, name));
  return unknown === undefined ? undefined : `${quote(`${path}.${unknown}`)} never comes`;
}

/** Members and items of which both say something, with their paths. */
function* sharedParts(
  wanted: JsonSchema,
  promised: JsonSchema,
  path: string,
): Generator<[wanted: JsonSchema, promised: JsonSchema, path: string]> {
  if (isSchemaObject(wanted.properties) && isSchemaObject(promised.properties)) {
    for (const [name, member] of Object.entries(wanted.properties)) {
      const other = Object.hasOwn(promised.properties, name) ? promised.properties[name] : undefined;
      if (isSchemaObject(member) && isSchemaObject(other)) yield [member, other, `${path}.${name}`];
    }
  }
  if (isSchemaObject(wanted.items) && isSchemaObject(promised.items)) {
    yield [wanted.items, promised.items, `${path}[]`];
  }
}

/** The types that a value may have; none where the schema does not say. */
function typesOf({ type }: JsonSchema): string[] {
  return (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
}

/** The only values that there may be, as JSON. */
function valuesOf(schema: JsonSchema): string[] | undefined {
  if ('const' in schema) return [JSON.stringify(schema.const)];
  return Array.isArray(schema.enum) ? schema.enum.map((value) => JSON.stringify(value)) : undefined;
}

function printed(json: string): string {
  const value: unknown = JSON.parse(json);
  return quote(typeof value === 'string' ? value : json);
}

/** Whether more is said of its members somewhere else. */
function isOpen(schema: JsonSchema): boolean {
  return ['$ref', 'allOf', 'anyOf', 'oneOf', 'if'].some((keyword) => keyword in schema);
}

/** What else stands there is another rule's finding. */
function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function firstOf<T, R>(things: Iterable<T>, find: (thing: T) => R | undefined): R | undefined {
  for (const thing of things) {
    const found = find(thing);
    if (found !== undefined) return found;
  }
  return undefined;
}
