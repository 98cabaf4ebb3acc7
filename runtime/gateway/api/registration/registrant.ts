import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Deployment } from '../../context.ts';
import { GatewayError } from '../../errors.ts';

/** Who registers, as far as that matters: a plugin with its token, or a process of this very machine. */
export type Registrant =
  | { readonly kind: 'plugin'; readonly pluginId: string }
  | { readonly kind: 'local-process' };

export interface RegistrantRequest {
  readonly headers: IncomingHttpHeaders;
  /** The other end of the socket, whatever headers say. */
  readonly remoteAddress: string | undefined;
}

const LOOPBACK = loopbackRanges();
/** Headers of browsers and of proxies: behind either of them is somebody else than this machine's own process. */
const FOREIGN = ['origin', 'forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/**
 * Who wants to register. With the development provider, a process on this machine needs no token; a web page
 * that a browser on this machine shows does.
 *
 * @throws GatewayError `token-missing`, `token-invalid`, `plugin-token-required`
 */
export async function registrantOf(
  { config, authenticate }: Pick<Deployment, 'config' | 'authenticate'>,
  { headers, remoteAddress }: RegistrantRequest,
): Promise<Registrant> {
  const caller = await authenticate(headers.authorization, undefined);
  if (caller.kind === 'plugin') return { kind: 'plugin', pluginId: caller.pluginId };
  if (caller.kind === 'user') {
    throw new GatewayError('plugin-token-required', 'only plugins register: this is the token of a user');
  }
  const trusting = config.identity.provider.kind === 'development';
  if (trusting && isLoopback(remoteAddress) && FOREIGN.every((name) => headers[name] === undefined)) {
    return { kind: 'local-process' };
  }
  throw new GatewayError(
    'token-missing',
    'a registration needs the token of its plugin: `plexica token --plugin ID` makes one; ' +
      'send it as "Authorization: Bearer <token>"',
    { headers: { 'www-authenticate': 'Bearer' } },
  );
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function loopbackRanges(): BlockList {
  const ranges = new BlockList();
  ranges.addSubnet('127.0.0.0', 8, 'ipv4');
  ranges.addAddress('::1', 'ipv6');
  return ranges;
}
