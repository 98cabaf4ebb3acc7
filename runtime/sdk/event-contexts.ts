import { actingForHeaders, contextHeaders, type TenantHeaders } from './bound-gateway-client.ts';
import { isRecord } from './read-answer.ts';
import { ServiceCallError } from './service-call-error.ts';
import type { TenantContext } from './tenant-context.ts';
import { type CallOptions, gatewayEndpoint, type Transport } from './transport.ts';

/** What of an event says on whose behalf its handler calls. A `DomainEvent` of `@plexica/event-bus` has it. */
export interface HandledEvent {
  readonly name: string;
  readonly tenantId: string;
  readonly userId?: string;
  readonly workspaceId?: string;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly tenantContext?: string;
}

/** Whose an event is, and what tells the gateway so. */
export type EventContexts = (event: HandledEvent) => {
  readonly tenant: TenantContext;
  readonly headers: TenantHeaders;
};

interface Exchanged {
  readonly context: Promise<string>;
  /** Milliseconds since 1970. */
  until: number;
}

const EXCHANGE = gatewayEndpoint('POST', '/context');
/** A context is not used in the last moments of its life: the call takes time as well. In milliseconds. */
const MARGIN = 10_000;
/** Contexts that are kept for other handlers of the same request's events. */
const MOST = 500;

/** Exchanges the contexts of events, each when a handler first needs it, and again when it is about to end. */
export function createEventContexts(sender: Transport): EventContexts {
  const { timing } = sender;
  const known = new Map<string, Exchanged>();

  return (event) => {
    const { tenantId, userId, workspaceId, correlationId, tenantContext } = event;
    const tenant = {
      tenantId,
      ...(userId === undefined ? {} : { userId }),
      ...(workspaceId === undefined ? {} : { workspaceId }),
      ...(isHeaderValue(correlationId) ? { requestId: correlationId } : {}),
      ...traceOf(event),
    };
    if (tenantContext === undefined) {
      const headers = { ...contextHeaders(tenant), ...actingForHeaders(tenantId) };
      return { tenant, headers };
    }
    return {
      tenant,
      async headers(options) {
        const context = await contextFor(event.name, tenantContext, options);
        return contextHeaders({ ...tenant, context });
      },
    };
  };

  function contextFor(name: string, tenantContext: string, options: CallOptions): Promise<string> {
    const key = `${name} ${tenantContext}`;
    const present = known.get(key);
    if (present !== undefined && present.until > timing.now()) return present.context;
    const asked = exchange(name, tenantContext, options);
    const exchanged: Exchanged = {
      context: asked.then(({ context }) => context),
      // As long as it is under way, everybody waits for the same one.
      until: Number.POSITIVE_INFINITY,
    };
    known.delete(key);
    known.set(key, exchanged);
    forgetSome();
    asked.then(
      ({ expiresInMs }) => {
        exchanged.until = timing.now() + expiresInMs - MARGIN;
      },
      () => {
        if (known.get(key) === exchanged) known.delete(key);
      },
    );
    return exchanged.context;
  }

  function forgetSome(): void {
    for (const [key, { until }] of known) {
      if (known.size <= MOST && until > timing.now()) return;
      known.delete(key);
    }
  }

  /** Not with the caller's signal: others may wait for the same answer. */
  async function exchange(event: string, context: string, { timeoutMs, retry }: CallOptions) {
    const request = {
      method: 'POST',
      path: '/context',
      headers: {},
      body: JSON.stringify({ event, context }),
    } as const;
    // It changes nothing at the gateway, and may be asked again.
    const endpoint = { ...EXCHANGE, idempotent: true };
    const answer = await sender.send(endpoint, request, { timeoutMs, retry });
    if (isRecord(answer) && typeof answer.context === 'string' && typeof answer.expiresInMs === 'number') {
      return { context: answer.context, expiresInMs: answer.expiresInMs };
    }
    throw new ServiceCallError('the answer holds no context', {
      status: 200,
      code: 'bad-answer',
      service: 'gateway',
      endpoint: 'POST /context',
      body: answer,
    });
  }
}

/** What vendors say of a trace (a list, with spaces) is nothing without the trace. */
function traceOf({
  traceparent,
  tracestate,
}: HandledEvent): Pick<TenantContext, 'traceparent' | 'tracestate'> {
  if (!isHeaderValue(traceparent)) return {};
  return tracestate !== undefined && /^[\x21-\x7e][\x20-\x7e]*$/.test(tracestate)
    ? { traceparent, tracestate }
    : { traceparent };
}

/** What an event says was not made to be a header. */
function isHeaderValue(value: string | undefined): value is string {
  return value !== undefined && /^[\x21-\x7e]+$/.test(value);
}
