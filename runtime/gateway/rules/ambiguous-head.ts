import { GatewayError } from '../errors.ts';
import type { RequestHead } from './request-head.ts';

/** A name or an IPv4 address, or an IPv6 address in brackets, and perhaps a port (RFC 9110, 7.2). */
const HOST = /^(?:[A-Za-z0-9._~-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?$/;
const CHUNKED = /^chunked$/i;

/** Lengths of the names that are looked at, so that the others cost next to nothing. */
const LENGTH = { host: 'host'.length, encoding: 'transfer-encoding'.length } as const;

/**
 * Refuses what Node's parser lets through and other servers read differently, whatever is asked for: an encoding beside
 * or below `chunked`, which nothing here would undo; chunks in HTTP/1.0, which has none (RFC 9112, 6.1); and a `Host` that
 * is none, out of which a plugin would make addresses.
 *
 * @throws GatewayError `bad-header`, after which the connection ends
 */
export function refuseAmbiguousHead(
  { rawHeaders }: Pick<RequestHead, 'rawHeaders'>,
  httpVersion: string,
): void {
  let hosts = 0;
  let encodings = 0;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    if (name.length === LENGTH.host && name.toLowerCase() === 'host') {
      hosts += 1;
      if (hosts > 1) throw refuse('the request has more than one Host header');
      if (!HOST.test(value)) throw refuse('the Host header is not the name of a host');
    } else if (name.length === LENGTH.encoding && name.toLowerCase() === 'transfer-encoding') {
      encodings += 1;
      if (encodings > 1 || !CHUNKED.test(value) || httpVersion === '1.0') {
        throw refuse('the Transfer-Encoding is another than chunked, which is the only one here');
      }
    }
  }
}

function refuse(message: string): GatewayError {
  return new GatewayError('bad-header', message, { headers: { connection: 'close' } });
}
