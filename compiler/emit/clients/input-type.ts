import type { Route } from '../../ir/program.ts';
import { typeOfParams, typeOfPart } from '../typescript/request-parts.ts';
import { typeContext } from '../typescript/schema-types.ts';
import { intersection, object, type PropertyType, type TypeNode, unknown } from '../typescript/type-node.ts';
import { typeOfSchema } from '../typescript/type-of-schema.ts';

/** What a client's method takes: one object. */
export interface MethodInput {
  readonly type: TypeNode;
  /** Whether nothing in it must be given. */
  readonly optional: boolean;
  /** Whether its member `body` is the request's body. */
  readonly body: boolean;
  /** Whether its member `headers` holds request headers. */
  readonly headers: boolean;
}

/** Path parameters and query side by side; `body` and `headers` where the endpoint has them. */
export function methodInput(route: Route): MethodInput {
  const { request, plugin } = route;
  const context = typeContext(plugin, { scope: 'schemas' });
  const query = request.querystring && typeOfPart(request.querystring, plugin, context);
  const taken = new Set([...route.parameters, ...namesOf(query)]);
  const body = bodyOf(route, taken);
  const headers = headersOf(route);
  const members = [typeOfParams(route, context), ...(query ? [query] : []), object([...body, ...headers])];
  const telling = members.filter(
    (part) => part.kind !== 'object' || part.properties.length > 0 || part === query,
  );
  const type = telling.length === 0 ? object([]) : intersection(telling);
  return {
    type,
    optional: mayBeEmpty(type),
    body: body.length > 0,
    headers: headers.length > 0,
  };
}

/** Of an endpoint that usually has a body and describes none, any body is taken. */
function bodyOf({ request, method, plugin }: Route, taken: ReadonlySet<string>): PropertyType[] {
  if (request.body !== undefined) {
    const type = typeOfSchema(request.body, typeContext(plugin, { scope: 'schemas' }));
    return [{ name: 'body', optional: false, type }];
  }
  const usual = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return usual && !taken.has('body') ? [{ name: 'body', optional: true, type: unknown }] : [];
}

/** Headers that are not the caller's to set: the gateway drops or replaces them, or the SDK sets them. */
const NOT_THE_CALLERS =
  /^(?:x-(?:tenant-id|user-id|workspace-id|caller-plugin-id|request-id|plexica-.*|forwarded-.*)|traceparent|tracestate|authorization|host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*|content-(?:type|length))$/i;

function headersOf({ request, plugin }: Route): PropertyType[] {
  if (request.headers === undefined) return [];
  const type = typeOfPart(request.headers, plugin, typeContext(plugin, { scope: 'schemas' }));
  if (type.kind !== 'object') return [];
  const properties = type.properties.filter(({ name }) => !NOT_THE_CALLERS.test(name));
  if (properties.length === 0) return [];
  return [
    { name: 'headers', optional: properties.every(({ optional }) => optional), type: object(properties) },
  ];
}

function namesOf(type: TypeNode | undefined): string[] {
  return type?.kind === 'object' ? type.properties.map(({ name }) => name) : [];
}

function mayBeEmpty(type: TypeNode): boolean {
  switch (type.kind) {
    case 'object':
      return type.properties.every(({ optional }) => optional);
    case 'union':
      return type.members.some(mayBeEmpty);
    case 'intersection':
      return type.members.every(mayBeEmpty);
    default:
      return false;
  }
}
