import { docComment } from './comment.ts';
import { choice, group, hardLine, indent, join, type Layout, line, softLine } from './layout.ts';
import { propertyKey } from './text.ts';
import { never, type ObjectType, type PropertyType, plain, type TypeNode } from './type-node.ts';

/** Where a type stands; it decides about parentheses and how a union breaks. */
type Place = 'member' | 'array' | 'tuple' | 'parameter' | 'operand';

/** The text of a type. */
export function printType(type: TypeNode, place: Place = 'member'): Layout {
  switch (type.kind) {
    case 'plain':
      return type.text;
    case 'reference':
      return [type.name, printParameters(type.parameters)];
    case 'object':
      return printObject(type);
    case 'array':
      return [printType(type.item, 'array'), '[]'];
    case 'tuple': {
      const items = type.items.map((item) =>
        printType(item, type.items.length > 1 || type.rest ? 'tuple' : 'parameter'),
      );
      if (type.rest !== undefined) items.push(['...', printType(type.rest, 'array'), '[]']);
      if (items.length === 0) return '[]';
      return group(['[', indent([softLine, join([',', line], items)]), choice(','), softLine, ']']);
    }
    case 'union':
      return printUnion(type.members, place);
    case 'intersection':
      return printIntersection(type.members, place);
  }
}

/** The members of an interface or an object type, in braces, one a line. */
export function printMembers(properties: readonly PropertyType[], index?: TypeNode): Layout {
  const members = properties.map((property) => [printProperty(property), ';']);
  if (index !== undefined) members.push([indexSignature(properties, index), ';']);
  if (members.length === 0) return '{}';
  return ['{', indent([hardLine, join(hardLine, members)]), hardLine, '}'];
}

/** Type arguments: `<A, B>`; nothing where there are none. */
function printParameters(parameters: readonly TypeNode[]): Layout {
  const [first] = parameters;
  if (first === undefined) return '';
  if (parameters.length === 1 && isHugged(first)) return ['<', printType(first), '>'];
  const printed = parameters.map((parameter) => printType(parameter, 'parameter'));
  return group(['<', indent([softLine, join([',', line], printed)]), softLine, '>']);
}

function printObject({ properties, index }: ObjectType): Layout {
  if (properties.length > 0) return printMembers(properties, index);
  const signature = indexSignature([], index ?? never);
  return group(['{', indent([line, signature, choice(';')]), line, '}']);
}

function printProperty({ name, optional, type, text, deprecated }: PropertyType): Layout {
  const comment = docComment({ text, deprecated });
  return [comment, propertyKey(name), optional ? ['?: ', printOptional(type)] : [': ', printType(type)]];
}

function indexSignature(properties: readonly PropertyType[], index: TypeNode): Layout {
  const optional = properties.some((property) => property.optional);
  return ['[key: string]: ', optional ? printOptional(index) : printType(index)];
}

/** `undefined` may stand for what is left out: in JSON both are the same. */
function printOptional(type: TypeNode): Layout {
  if (isUnknown(type)) return printType(type);
  return printUnion([...alternatives(type), plain('undefined')], 'member');
}

function printUnion(members: readonly TypeNode[], place: Place): Layout {
  const hugged = members.length === 2 && members[0]?.kind === 'object' && isNull(members[1]);
  const printed = members.map((member) => printType(member, 'operand'));
  const lead = place === 'tuple' || place === 'parameter' ? '' : softLine;
  if (hugged) return parenthesized(join(' | ', printed), place === 'array' || place === 'operand');
  const code = [
    choice([lead, '| ']),
    join(
      [line, '| '],
      printed.map((part) => indent(part)),
    ),
  ];
  if (place === 'array' || place === 'operand') return group(['(', indent(code), softLine, ')']);
  if (place === 'tuple') return group([indent([choice(['(', softLine]), code]), softLine, choice(')')]);
  return group(place === 'parameter' ? code : indent(code));
}

/** At most one member is an object, and it stands last: see `intersection`. */
function printIntersection(members: readonly TypeNode[], place: Place): Layout {
  const printed = members.map((member, index): Layout => {
    const text = printType(member, 'operand');
    if (index === 0) return text;
    if (member.kind !== 'object') return indent([' &', line, text]);
    return [' & ', index > 1 ? indent(text) : text];
  });
  return parenthesized(group(printed), place === 'array' || place === 'operand');
}

function parenthesized(layout: Layout, wanted: boolean): Layout {
  return wanted ? ['(', layout, ')'] : layout;
}

/** What the formatter keeps at its bracket: an object, alone or with null, and a name without arguments. */
function isHugged(type: TypeNode): boolean {
  if (type.kind === 'union')
    return type.members.length === 2 && type.members[0]?.kind === 'object' && isNull(type.members[1]);
  return (
    type.kind === 'object' ||
    type.kind === 'plain' ||
    (type.kind === 'reference' && type.parameters.length === 0)
  );
}

function alternatives(type: TypeNode): readonly TypeNode[] {
  return type.kind === 'union' ? type.members : [type];
}

function isUnknown(type: TypeNode): boolean {
  return type.kind === 'plain' && type.text === 'unknown';
}

function isNull(type: TypeNode | undefined): boolean {
  return type?.kind === 'plain' && type.text === 'null';
}
