import type { Endpoint } from './endpoint.ts';
import { ServiceCallError } from './service-call-error.ts';

/** What goes over the wire for one call, the gateway's address, the token and the tenant's context excepted. */
export interface OutgoingRequest {
  readonly method: Endpoint['method'];
  /** Below the gateway's base path, with its query: `/plugin-crm/contacts?take=10`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | undefined;
}

/**
 * Takes a call's input apart: path parameters, `body` and `headers` where the endpoint has them, and everything
 * else is the query.
 *
 * @throws ServiceCallError with code `bad-input` for what cannot be sent
 */
export function buildRequest(endpoint: Endpoint, input: object = {}): OutgoingRequest {
  const reject = (reason: string, cause?: unknown): never => {
    const { method, path, service } = endpoint;
    throw new ServiceCallError(reason, {
      status: 0,
      code: 'bad-input',
      service,
      endpoint: `${method} ${path}`,
      cause,
    });
  };
  // A Map: an input's key `__proto__` is a key like any other.
  const members = new Map<string, unknown>(Object.entries(input));
  const path = endpoint.path
    .split('/')
    .map((segment) => {
      if (!segment.startsWith(':')) return segment;
      const name = segment.slice(1);
      const value = members.get(name);
      members.delete(name);
      return encodeParameter(name, value, reject);
    })
    .join('/');
  const body = endpoint.body === undefined ? undefined : encodeBody(members.get('body'), reject);
  const given = endpoint.headers === undefined ? {} : encodeHeaders(members.get('headers'), reject);
  if (endpoint.body !== undefined) members.delete('body');
  if (endpoint.headers !== undefined) members.delete('headers');
  const query = encodeQuery(members, reject);
  return {
    method: endpoint.method,
    path: `/${endpoint.pluginId}${path}${query}`,
    headers: { ...given, ...contractHeader(endpoint) },
    body,
  };
}

/** From which contract the call was generated, so that the gateway can tell whether it still holds. */
function contractHeader({ service, serviceContract, contract }: Endpoint): Record<string, string> {
  if (serviceContract === undefined || contract === undefined) return {};
  const { version, digest } = serviceContract;
  return { 'x-plexica-contract': `${service}@${version} ${digest} ${contract}` };
}

type Reject = (reason: string, cause?: unknown) => never;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the gateway refuses in a path
const REFUSED_IN_PATH = /[/\\\u0000-\u001f\u007f]/;

/** One segment, always: what the gateway would refuse, or a proxy resolve, is refused before it is sent. */
function encodeParameter(name: string, value: unknown, reject: Reject): string {
  if (value === undefined) return reject(`path parameter "${name}" is missing`);
  const text = scalarText(value) ?? reject(`path parameter "${name}" is neither text, number nor boolean`);
  if (text === '') return reject(`path parameter "${name}" is empty`);
  if (text === '.' || text === '..' || REFUSED_IN_PATH.test(text)) {
    return reject(`path parameter "${name}" is ${JSON.stringify(text)}, which cannot stand in a path`);
  }
  if (!text.isWellFormed()) return reject(`path parameter "${name}" is not well-formed Unicode`);
  return encodeURIComponent(text);
}

/** `undefined` is left out, a list is repeated, and null is an empty value, as Fastify reads it back. */
function encodeQuery(members: ReadonlyMap<string, unknown>, reject: Reject): string {
  const query = new URLSearchParams();
  for (const [name, value] of members) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      const text = item === null ? '' : scalarText(item);
      query.append(name, text ?? reject(`query "${name}" holds what is neither text, number nor boolean`));
    }
  }
  return query.size === 0 ? '' : `?${query}`;
}

function encodeHeaders(headers: unknown, reject: Reject): Record<string, string> {
  if (headers === undefined) return {};
  if (typeof headers !== 'object' || headers === null) return reject('headers is not an object');
  const encoded = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = scalarText(value) ?? reject(`header "${name}" is neither text, number nor boolean`);
    try {
      encoded.set(name, text);
    } catch (cause) {
      reject(`header "${name}" holds characters that cannot be sent`, cause);
    }
  }
  return Object.fromEntries(encoded);
}

function encodeBody(body: unknown, reject: Reject): string | undefined {
  if (body === undefined) return undefined;
  try {
    return JSON.stringify(body) ?? reject('body is not JSON');
  } catch (cause) {
    return reject('body is not JSON', cause);
  }
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}
