import { GatewayError } from '../errors.ts';

/** A request's target, fit to be matched and forwarded. */
export interface Target {
  /** Begins with a slash. Escapes are upper case, and none of them stands for an unreserved character. */
  readonly path: string;
  /** As it came, with its question mark; empty where there is none. */
  readonly query: string;
}

/** RFC 3986's `pchar` without `;`, and what browsers leave raw. A backslash is not among them. */
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,=:@%/|[\]^]*$/;
/** Visible characters; no space, no control byte, no fragment. */
const QUERY = /^[\x21\x22\x24-\x7e]*$/;
const ESCAPE = /%([0-9A-Fa-f]{2})?/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;
/** What a second decoding would turn into a separator, a dot, a control byte or yet another escape. */
const ESCAPE_OF_ESCAPE = /%(?:[01][0-9a-f]|2[5ef]|5c|7f)/i;
const DOT_SEGMENT = /\/\.{1,2}(?:\/|%3B|$)/;

/**
 * Reads the target of a request once, for matching and forwarding alike: servers that decode a path and servers
 * that do not must see the same one behind the gateway as the gateway saw. So whatever has two readings is refused,
 * and escapes of plain characters (`%63` for `c`) are undone.
 *
 * @throws GatewayError `bad-path`
 */
export function canonicalTarget(target: string): Target {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark);
  if (!path.startsWith('/')) {
    throw refuse('the request target is not a path: send one that begins with "/"');
  }
  if (!PATH.test(path)) throw refuse(`the path holds ${strangerIn(path)}`);
  if (!QUERY.test(query)) throw refuse('the query holds a character that must be escaped');
  if (path.includes('//')) throw refuse('the path holds "//"');
  const canonical = path.includes('%') ? normalizeEscapes(path) : path;
  if (DOT_SEGMENT.test(canonical)) throw refuse('the path holds a "." or ".." segment');
  return { path: canonical, query };
}

function normalizeEscapes(path: string): string {
  const canonical = path.replace(ESCAPE, (triplet, hex: string | undefined) => {
    if (hex === undefined) throw refuse('the path holds a "%" that two hexadecimal digits do not follow');
    const code = Number.parseInt(hex, 16);
    if (code < 0x20 || code === 0x7f) throw refuse('the path holds an escaped control character');
    const character = String.fromCharCode(code);
    if (character === '/' || character === '\\') throw refuse('the path holds an escaped slash or backslash');
    return code < 0x80 && UNRESERVED.test(character) ? character : triplet.toUpperCase();
  });
  if (ESCAPE_OF_ESCAPE.test(decode(canonical))) throw refuse('the path is escaped twice');
  return canonical;
}

/** Overlong forms and stray bytes are not UTF-8, and refused. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refuse('the path holds escapes that are not UTF-8');
  }
}

function strangerIn(path: string): string {
  for (const character of path) {
    if (PATH.test(`/${character}`)) continue;
    if (character === '#') return 'a fragment: "#" does not belong into a request';
    return /[\x21-\x7e]/.test(character)
      ? `"${character}", which must be escaped`
      : 'a character that must be escaped';
  }
  return 'a character that must be escaped';
}

function refuse(message: string): GatewayError {
  return new GatewayError('bad-path', message);
}
