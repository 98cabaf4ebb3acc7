/** Keywords that hold one schema, a list of them, or a record. What stands below any other is data. */
const SINGLE: ReadonlySet<string> = new Set([
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
]);
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf']);
const RECORDS: ReadonlySet<string> = new Set(['patternProperties', 'properties']);

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A schema with every named schema in the place of its `$ref`. The compiler bounds the size of schemas that are written
 * out, and lets none refer to itself. So ajv resolves nothing, and violations say exactly which alternative they are of.
 *
 * @throws Error for a reference to nothing, to itself, or out of the document
 */
export function writeOutReferences(schema: unknown, named: JsonObject): unknown {
  const finished = new Map<string, unknown>();
  const open = new Set<string>();
  const target = (ref: unknown): unknown => {
    const name = typeof ref === 'string' ? /^#\/schemas\/([^/]+)$/.exec(ref)?.[1] : undefined;
    if (name === undefined || !Object.hasOwn(named, name)) {
      throw new Error(`it refers to ${JSON.stringify(ref)}, which is not there`);
    }
    if (open.has(name)) throw new Error(`the schema "${name}" refers to itself`);
    if (finished.has(name)) return finished.get(name);
    open.add(name);
    const written = write(named[name]);
    open.delete(name);
    finished.set(name, written);
    return written;
  };
  const write = (part: unknown): unknown => {
    if (!isObject(part)) return part;
    const own = Object.fromEntries(
      Object.entries(part).map(([keyword, value]) => [keyword, writeBelow(keyword, value, write)]),
    );
    if (!('$ref' in part)) return own;
    const { $ref, allOf, ...beside } = own;
    const referred = target($ref);
    if (Object.keys(own).length === 1) return referred;
    return { ...beside, allOf: [referred, ...(Array.isArray(allOf) ? allOf : [])] };
  };
  return write(schema);
}

function writeBelow(keyword: string, value: unknown, write: (part: unknown) => unknown): unknown {
  if (SINGLE.has(keyword)) return write(value);
  if (LISTS.has(keyword) && Array.isArray(value)) return value.map(write);
  if (RECORDS.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, write(member)]));
  }
  return value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
