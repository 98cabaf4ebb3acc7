import type { IncomingHttpHeaders } from 'node:http';
import type { Deployment } from '../../context.ts';
import { GatewayError } from '../../errors.ts';
import { isLoopbackClient } from '../../rules/loopback-client.ts';
import type { RequestHead } from '../../rules/request-head.ts';

/** Who registers, as far as that matters: a plugin with its token, or a process of this very machine. */
export type Registrant =
  | { readonly kind: 'plugin'; readonly pluginId: string }
  | { readonly kind: 'local-process' };

export interface RegistrantRequest extends Pick<RequestHead, 'rawHeaders' | 'remoteAddress'> {
  readonly headers: IncomingHttpHeaders;
}

/**
 * Who wants to register. With the development provider, a process on this machine needs no token; a web page
 * that a browser on this machine shows does.
 *
 * @throws GatewayError `token-missing`, `token-invalid`, `plugin-token-required`
 */
export async function registrantOf(
  { config, authenticate }: Pick<Deployment, 'config' | 'authenticate'>,
  request: RegistrantRequest,
): Promise<Registrant> {
  const caller = await authenticate(request.headers.authorization, undefined);
  if (caller.kind === 'plugin') return { kind: 'plugin', pluginId: caller.pluginId };
  if (caller.kind === 'user') {
    throw new GatewayError('plugin-token-required', 'only plugins register: this is the token of a user');
  }
  const trusting = config.identity.provider.kind === 'development';
  if (trusting && isLoopbackClient(request)) return { kind: 'local-process' };
  throw new GatewayError(
    'token-missing',
    'a registration needs the token of its plugin: `plexica token --plugin ID` makes one; ' +
      'send it as "Authorization: Bearer <token>"',
    { headers: { 'www-authenticate': 'Bearer' } },
  );
}
