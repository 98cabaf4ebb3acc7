import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { DomainEvent } from '@plexica/event-bus';
import type { PluginHookContext } from '@plexica/types';
import type { GatewayContext } from '../context.ts';
import { PLATFORM } from '../events/event-contracts.ts';
import { isHeaderValue } from '../identity/claims.ts';
import type { Instance } from '../instances/instance.ts';
import { type UpstreamFailure, upstreamFailure, upstreamTimeout } from '../proxy/upstream-error.ts';
import type { TenantIdentity } from '../rules/caller.ts';
import { requestIdOf } from '../rules/request-id.ts';
import { formatTraceparent, parseTraceparent } from '../rules/traceparent.ts';

/** What vendors say of a trace, a list, as far as it can be a header. */
const TRACE_STATE = /^[\x21-\x7e][\x20-\x7e]*$/;
/** How often it is looked whether a plugin that cannot be reached is back, in milliseconds. */
const LOOK = 1_000;

/**
 * Delivers an event to a hook of a plugin, as `POST {baseUrl}/hooks/{name}` with a `PluginHookContext` and the identity
 * headers of any call. A plugin that cannot be reached is waited for. What became of a request that was sent counts as an
 * attempt, also where its connection broke: the plugin may have died of it.
 *
 * @throws Error for an answer that is none of 200 to 299, for none in time, and for a connection that broke
 */
export async function deliverHook(
  context: Pick<GatewayContext, 'deployment' | 'instances' | 'contexts'>,
  pluginId: string,
  event: DomainEvent,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const attempt = context.instances.begin(pluginId);
    if (attempt === undefined) {
      await wait(LOOK, undefined, { signal });
      continue;
    }
    try {
      const call = await callFor(context, pluginId, event);
      const answered = await post(attempt.instance, call, signal);
      if (typeof answered === 'number') {
        attempt.observe({ kind: 'answered', status: answered });
        if (answered >= 200 && answered <= 299) return;
        throw new Error(`${pluginId} answered ${answered} to its hook ${event.name}`);
      }
      if (answered.outcome !== undefined) attempt.observe(answered.outcome);
      if (answered.connection !== 'never-made') throw answered.error;
    } finally {
      attempt.end();
    }
    await wait(LOOK, undefined, { signal });
  }
}

interface HookCall {
  readonly pluginId: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** In milliseconds. */
  readonly timeout: number;
}

async function callFor(
  { deployment, contexts }: Pick<GatewayContext, 'deployment' | 'contexts'>,
  pluginId: string,
  event: DomainEvent,
): Promise<HookCall> {
  const { config } = deployment();
  const timeout = config.upstreams.get(pluginId)?.timeout ?? config.timeout;
  const identity = await provenIdentity(event, contexts, config.events.retention);
  const tenantContext = await contexts.issue(identity, pluginId, timeout);
  return {
    pluginId,
    path: `/hooks/${encodeURIComponent(event.name)}`,
    headers: headersFor(identity, tenantContext, event),
    body: JSON.stringify(hookContextOf(event, pluginId, identity)),
    timeout,
  };
}

/** The status of the answer, or why there was none. Rejects where the signal is aborted. */
async function post(
  { basePath, dispatcher }: Instance,
  { pluginId, path, headers, body, timeout }: HookCall,
  signal: AbortSignal,
): Promise<number | UpstreamFailure> {
  const late = AbortSignal.timeout(timeout);
  try {
    const answer = await dispatcher.request({
      method: 'POST',
      path: `${basePath}${path}`,
      headers,
      body,
      signal: AbortSignal.any([signal, late]),
    });
    await answer.body.dump();
    return answer.statusCode;
  } catch (error) {
    signal.throwIfAborted();
    return upstreamFailure(late.aborted ? upstreamTimeout(pluginId, timeout) : error, pluginId, timeout);
  }
}

/**
 * Whose event it is, as far as that is proven: what the platform says is, and what the event's context says. A plugin that
 * may act for a tenant may say anything of its users, and nobody takes that for the gateway's word.
 */
async function provenIdentity(
  { source, tenantId, workspaceId, userId, tenantContext }: DomainEvent,
  contexts: GatewayContext['contexts'],
  overdue: number,
): Promise<TenantIdentity> {
  if (source === PLATFORM) {
    return {
      tenantId,
      ...(workspaceId === undefined ? {} : { workspaceId }),
      ...(userId === undefined ? {} : { userId }),
      permissions: [],
    };
  }
  const found = tenantContext === undefined ? undefined : await contexts.read(tenantContext, overdue);
  return found?.identity.tenantId === tenantId
    ? { ...found.identity, permissions: [] }
    : { tenantId, permissions: [] };
}

function hookContextOf(
  { data }: DomainEvent,
  pluginId: string,
  { tenantId, workspaceId, userId }: TenantIdentity,
): PluginHookContext {
  return {
    tenantId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(userId === undefined ? {} : { userId }),
    pluginId,
    // A manifest's payloads are objects, as core events are.
    data: data as PluginHookContext['data'],
  };
}

function headersFor(
  { tenantId, workspaceId, userId }: TenantIdentity,
  tenantContext: string,
  { id, correlationId, traceparent, tracestate = '' }: DomainEvent,
): Record<string, string> {
  const trace = parseTraceparent(traceparent);
  return {
    'content-type': 'application/json',
    'x-tenant-id': tenantId,
    ...(userId === undefined ? {} : { 'x-user-id': userId }),
    ...(workspaceId === undefined ? {} : { 'x-workspace-id': workspaceId }),
    'x-plexica-context': tenantContext,
    // Any text may be an id, and not any text a header.
    ...(isHeaderValue(id) ? { 'x-plexica-event-id': id } : {}),
    'x-request-id': requestIdOf(correlationId, randomUUID),
    ...(trace === undefined ? {} : { traceparent: formatTraceparent(trace) }),
    ...(trace === undefined || !TRACE_STATE.test(tracestate) ? {} : { tracestate }),
  };
}
