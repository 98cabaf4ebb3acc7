import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@plexica/event-bus';
import type { PluginHookContext } from '@plexica/types';
import type { GatewayContext } from '../context.ts';
import { PLATFORM } from '../events/event-contracts.ts';
import { isHeaderValue } from '../identity/claims.ts';
import type { TenantIdentity } from '../rules/caller.ts';
import { requestIdOf } from '../rules/request-id.ts';
import { formatTraceparent, parseTraceparent } from '../rules/traceparent.ts';
import { wait } from './wait.ts';

/** How often it is looked whether a plugin that cannot be reached is back, in milliseconds. */
const LOOK = 1_000;

/**
 * Delivers an event to a hook of a plugin, as `POST {baseUrl}/hooks/{name}` with a `PluginHookContext` and the identity
 * headers of any call. A plugin that cannot be reached is waited for: only what it answered counts as an attempt.
 *
 * @throws Error for an answer that is none of 200 to 299, and for none in time
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
      await wait(LOOK, signal);
      continue;
    }
    const { instance } = attempt;
    try {
      const status = await post(context, pluginId, event, instance, signal);
      attempt.observe({ kind: 'answered', status });
      if (status >= 200 && status <= 299) return;
      throw new Error(`${pluginId} answered ${status} to its hook ${event.name}`);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      attempt.observe({ kind: 'connection-failed' });
      await wait(LOOK, signal);
    } finally {
      attempt.end();
    }
  }
}

async function post(
  { deployment, contexts }: Pick<GatewayContext, 'deployment' | 'contexts'>,
  pluginId: string,
  event: DomainEvent,
  { basePath, dispatcher }: { readonly basePath: string; readonly dispatcher: import('undici').Dispatcher },
  signal: AbortSignal,
): Promise<number> {
  const { config } = deployment();
  const timeout = config.upstreams.get(pluginId)?.timeout ?? config.timeout;
  const identity = await provenIdentity(event, contexts, config.events.retention);
  const { statusCode, body } = await dispatcher.request({
    method: 'POST',
    path: `${basePath}/hooks/${encodeURIComponent(event.name)}`,
    headers: await headersFor(contexts, pluginId, identity, event),
    body: JSON.stringify(hookContextOf(event, pluginId, identity)),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  });
  await body.dump();
  return statusCode;
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

async function headersFor(
  contexts: GatewayContext['contexts'],
  pluginId: string,
  identity: TenantIdentity,
  { id, correlationId, traceparent }: DomainEvent,
): Promise<Record<string, string>> {
  const { tenantId, workspaceId, userId } = identity;
  const trace = parseTraceparent(traceparent);
  return {
    'content-type': 'application/json',
    'x-tenant-id': tenantId,
    ...(userId === undefined ? {} : { 'x-user-id': userId }),
    ...(workspaceId === undefined ? {} : { 'x-workspace-id': workspaceId }),
    'x-plexica-context': await contexts.issue(identity, pluginId),
    // Any text may be an id, and not any text a header.
    ...(isHeaderValue(id) ? { 'x-plexica-event-id': id } : {}),
    'x-request-id': requestIdOf(correlationId, randomUUID),
    ...(trace === undefined ? {} : { traceparent: formatTraceparent(trace) }),
  };
}

/** Nothing was answered because nobody was there: the plugin will be back, or be known to be gone. */
function isUnreachable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return [
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'UND_ERR_SOCKET',
    'UND_ERR_CLOSED',
    'UND_ERR_DESTROYED',
  ].includes(code);
}
