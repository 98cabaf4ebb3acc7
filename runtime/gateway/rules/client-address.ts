import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { headerValues, type RequestHead } from './request-head.ts';

/** Who is at the far end of a request, as far as trusted proxies vouch for it. */
export interface Client {
  /** Undefined where the connection has none. */
  readonly address: string | undefined;
  /** With which the client came, to the first of the trusted proxies. */
  readonly protocol: 'http' | 'https';
  /** The client and the trusted proxies on the way, as `X-Forwarded-For` lists them; undefined without addresses. */
  readonly forwardedFor: string | undefined;
}

type ConnectionHead = Pick<RequestHead, 'rawHeaders' | 'remoteAddress' | 'protocol'>;

/** Who the client of a request is. */
export type ClientOf = (head: ConnectionHead) => Client;

/**
 * How the client of a request is found, where these proxies are trusted. From right to left, `X-Forwarded-For` is
 * believed as long as a trusted proxy wrote it; what stands further left could have been written by anybody.
 *
 * @param trustedProxies addresses and subnets
 */
export function prepareClientOf(trustedProxies: readonly string[]): ClientOf {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (head) => {
    const { remoteAddress, protocol } = head;
    if (remoteAddress === undefined || trustedProxies.length === 0 || !isTrusted(remoteAddress, 0)) {
      return { address: remoteAddress, protocol, forwardedFor: remoteAddress };
    }
    const chain = chainOf(head, remoteAddress, isTrusted);
    return {
      address: chain.at(-1),
      protocol: forwardedProtocol(head) ?? protocol,
      forwardedFor: chain.toReversed().join(', '),
    };
  };
}

/** The peer and those behind it, the client last. */
function chainOf(
  { rawHeaders }: ConnectionHead,
  remoteAddress: string,
  isTrusted: (address: string, index: number) => boolean,
): readonly string[] {
  const listed = headerValues(rawHeaders, 'x-forwarded-for').join(',').split(',').map(withoutPort).join(',');
  const request = { headers: { 'x-forwarded-for': listed }, socket: { remoteAddress } };
  // Its type wants a whole request; it reads these two fields.
  const chain = proxyAddr.all(request as unknown as Parameters<typeof proxyAddr.all>[0], isTrusted);
  // What a proxy could not name (`unknown`) is no address: the proxy is the last one known.
  const unknown = chain.findIndex((address) => isIP(address) === 0);
  return unknown === -1 ? chain : chain.slice(0, unknown);
}

/** Some proxies write the port as well: `192.0.2.1:50000`, `[2001:db8::1]:50000`. */
function withoutPort(entry: string): string {
  const text = entry.trim();
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

/** The last value: it is the one that the peer, which is trusted, wrote or let stand. */
function forwardedProtocol({ rawHeaders }: ConnectionHead): Client['protocol'] | undefined {
  const last = headerValues(rawHeaders, 'x-forwarded-proto')
    .join(',')
    .split(',')
    .at(-1)
    ?.trim()
    .toLowerCase();
  return last === 'http' || last === 'https' ? last : undefined;
}
