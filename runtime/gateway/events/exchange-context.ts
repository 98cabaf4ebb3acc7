import { GatewayError } from '../errors.ts';
import { LEAST_LIFETIME, type TenantContexts } from '../identity/tenant-context.ts';
import type { EventContracts } from './event-contracts.ts';

export interface ExchangeRequest {
  /** The name of the event that the caller handles. */
  readonly event: string;
  /** Its `plexicacontext`. */
  readonly context: string;
}

export interface ExchangedContext {
  readonly context: string;
  readonly expiresInMs: number;
}

/**
 * A fresh context for a plugin that handles an event, so that it can call others on behalf of the event's tenant: where
 * the plugin subscribes to the event, and the event's context was given to a plugin that publishes it, or whose events led
 * to it.
 *
 * @param overdue how long ago the event's context may have expired, in milliseconds
 * @throws GatewayError `context-refused`
 */
export async function exchangeContext(
  { event, context }: ExchangeRequest,
  pluginId: string,
  rules: {
    readonly contracts: EventContracts;
    readonly contexts: Pick<TenantContexts, 'issue' | 'read'>;
    readonly overdue: number;
  },
): Promise<ExchangedContext> {
  const { contracts, contexts, overdue } = rules;
  if (!contracts.handledBy(pluginId).includes(event)) {
    throw refuse(
      `${pluginId} does not subscribe to ${JSON.stringify(event)}: add it to "events.subscribes" of its plugin.json`,
    );
  }
  const found = await contexts.read(context, overdue);
  if (found === undefined) {
    throw refuse(
      `the context of ${event} is not valid: the gateway did not sign it, or longer ago than events are kept`,
    );
  }
  if (!contracts.publishersOf(event).some((publisher) => contracts.leadsTo(found.calleeId, publisher))) {
    throw refuse(`the context of ${event} was given to a plugin that has nothing to do with this event`);
  }
  return { context: await contexts.issue(found.identity, pluginId), expiresInMs: LEAST_LIFETIME };
}

function refuse(message: string): GatewayError {
  return new GatewayError('context-refused', message);
}
