import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from './context.ts';
import { GatewayError } from './errors.ts';
import type { PluginCaller, UserCaller } from './rules/caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `requireCaller`; null before it. */
    caller: UserCaller | PluginCaller | null;
  }
}

/**
 * A preHandler for an endpoint of the gateway's own that needs a valid token: `request.caller` holds whose.
 * It throws 401 without one. With `'plugin'` a user's token is answered with 403.
 */
export function requireCaller(context: GatewayContext, kind?: 'plugin') {
  return async function callerRequired(request: FastifyRequest, _reply: FastifyReply): Promise<void> {
    const caller = await context
      .deployment()
      .authenticate(request.headers.authorization, singleHeader(request.headers['x-plexica-context']));
    if (caller.kind === 'anonymous') {
      throw new GatewayError(
        'token-missing',
        'this endpoint needs a token: send "Authorization: Bearer <token>"',
        {
          headers: { 'www-authenticate': 'Bearer' },
        },
      );
    }
    if (kind === 'plugin' && caller.kind !== 'plugin') {
      throw new GatewayError(
        'plugin-token-required',
        'this endpoint is for plugins: it needs a plugin token',
      );
    }
    request.caller = caller;
  };
}

function singleHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
