/** A TypeScript type, before it is text. */
export type TypeNode =
  | PlainType
  | ObjectType
  | ArrayType
  | TupleType
  | UnionType
  | IntersectionType
  | ReferenceType;

/** A keyword or a literal. */
export interface PlainType {
  readonly kind: 'plain';
  readonly text: string;
}

export interface ObjectType {
  readonly kind: 'object';
  readonly properties: readonly PropertyType[];
  /** The type of all members that `properties` does not name. */
  readonly index: TypeNode | undefined;
}

export interface PropertyType {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeNode;
  readonly text?: string | undefined;
  readonly deprecated?: boolean | undefined;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly item: TypeNode;
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly items: readonly TypeNode[];
  readonly rest: TypeNode | undefined;
}

export interface UnionType {
  readonly kind: 'union';
  readonly members: readonly TypeNode[];
}

export interface IntersectionType {
  readonly kind: 'intersection';
  readonly members: readonly TypeNode[];
}

/** A named type, such as `schemas.Contact` or `List<…>`. */
export interface ReferenceType {
  readonly kind: 'reference';
  readonly name: string;
  readonly parameters: readonly TypeNode[];
}

export const unknown = plain('unknown');
export const never = plain('never');
const nothing = plain('null');

export function plain(text: string): PlainType {
  return { kind: 'plain', text };
}

export function reference(name: string, ...parameters: readonly TypeNode[]): ReferenceType {
  return { kind: 'reference', name, parameters };
}

/** TypeScript wants every property to fit the index signature, so that it is widened to them. */
export function object(properties: readonly PropertyType[], index?: TypeNode): ObjectType {
  const widened = index && union([index, ...properties.map(({ type }) => type)]);
  return { kind: 'object', properties, index: widened };
}

/** A union without what adds nothing: `never`, repetitions, and everything beside `unknown`. `null` goes last. */
export function union(types: readonly TypeNode[]): TypeNode {
  const members: TypeNode[] = [];
  const names = new Set<string>();
  let nullable = false;
  for (const type of types.flatMap((part) => (part.kind === 'union' ? part.members : [part]))) {
    if (isPlain(type, 'unknown')) return unknown;
    if (isPlain(type, 'never')) continue;
    if (isPlain(type, 'null')) nullable = true;
    else if (isNew(type, names)) members.push(type);
  }
  if (nullable) members.push(nothing);
  return members.length > 1 ? { kind: 'union', members } : (members[0] ?? never);
}

/**
 * An intersection without what adds nothing. Objects become one, which stands last; a property that several of them
 * have must fit all.
 */
export function intersection(types: readonly TypeNode[]): TypeNode {
  const members: TypeNode[] = [];
  const objects: ObjectType[] = [];
  const names = new Set<string>();
  for (const type of types.flatMap((part) => (part.kind === 'intersection' ? part.members : [part]))) {
    if (isPlain(type, 'never')) return never;
    if (type.kind === 'object') objects.push(type);
    else if (!isPlain(type, 'unknown') && isNew(type, names)) members.push(type);
  }
  const telling = objects.filter((type) => !isAnyObject(type));
  if (telling.length > 0) members.push(mergeObjects(telling));
  else if (members.length === 0) members.push(...objects.slice(0, 1));
  return members.length > 1 ? { kind: 'intersection', members } : (members[0] ?? unknown);
}

function mergeObjects(objects: readonly ObjectType[]): ObjectType {
  const properties = new Map<string, PropertyType>();
  for (const property of objects.flatMap((part) => part.properties)) {
    const before = properties.get(property.name);
    properties.set(property.name, before === undefined ? property : mergeProperties(before, property));
  }
  const indexes = objects.map(({ index }) => index).filter((index) => index !== undefined);
  return object([...properties.values()], indexes.length === 0 ? undefined : intersection(indexes));
}

function mergeProperties(a: PropertyType, b: PropertyType): PropertyType {
  return {
    name: a.name,
    optional: a.optional && b.optional,
    type: intersection([a.type, b.type]),
    text: a.text ?? b.text,
    deprecated: a.deprecated === true || b.deprecated === true,
  };
}

function isAnyObject({ properties, index }: ObjectType): boolean {
  return properties.length === 0 && index !== undefined && isPlain(index, 'unknown');
}

function isPlain(type: TypeNode, text: string): boolean {
  return type.kind === 'plain' && type.text === text;
}

/** Only what has a name is compared: two equal objects in one union do no harm. */
function isNew(type: TypeNode, names: Set<string>): boolean {
  const name =
    type.kind === 'plain'
      ? type.text
      : type.kind === 'reference' && type.parameters.length === 0
        ? type.name
        : undefined;
  if (name === undefined) return true;
  if (names.has(name)) return false;
  names.add(name);
  return true;
}

/** The names of all types that a type refers to. */
export function namesIn(types: Iterable<TypeNode>, names = new Set<string>()): ReadonlySet<string> {
  for (const type of types) {
    switch (type.kind) {
      case 'plain':
        break;
      case 'reference':
        names.add(type.name);
        namesIn(type.parameters, names);
        break;
      case 'object':
        namesIn(
          type.properties.map((property) => property.type),
          names,
        );
        if (type.index !== undefined) namesIn([type.index], names);
        break;
      case 'array':
        namesIn([type.item], names);
        break;
      case 'tuple':
        namesIn(type.rest === undefined ? type.items : [...type.items, type.rest], names);
        break;
      default:
        namesIn(type.members, names);
    }
  }
  return names;
}
