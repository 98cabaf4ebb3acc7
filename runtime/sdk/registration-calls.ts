/** The gateway's endpoints for instances, as this SDK calls them. */
import type { Endpoint } from './endpoint.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { PluginService } from './plugin-service.ts';
import { isRecord } from './read-answer.ts';
import { ServiceCallError } from './service-call-error.ts';
import { gatewayEndpoint } from './transport.ts';

/** What the gateway says of an instance that it has taken in. */
export interface Registered {
  /** When the plugin token that came with it ends, in milliseconds since 1970. */
  readonly expiresAt: number | undefined;
  readonly heartbeatMs: number;
}

const TIMEOUT_MS = 5000;
const REGISTER = gatewayEndpoint('POST', '/services/register');
const HEARTBEAT = gatewayEndpoint('POST', '/services/:pluginId/heartbeat', 'unknown');
const UNREGISTER = gatewayEndpoint('DELETE', '/services/:pluginId/:name', 'unknown');

/** The guide's registration, word for word; a plugin without services says by itself where it is. */
export async function register(
  gateway: GatewayClient,
  services: readonly PluginService[],
  baseUrl: string,
  signal: AbortSignal,
): Promise<Registered> {
  const { pluginId } = gateway;
  const body = {
    pluginId,
    ...(services.length === 0 && { baseUrl }),
    services: services.map(({ name, version, endpoints }) => ({ name, version, baseUrl, endpoints })),
  };
  const answer = await send(gateway, REGISTER, '/services/register', body, signal);
  if (!isRecord(answer) || !isRecord(answer.heartbeat) || !isDelay(answer.heartbeat.intervalMs)) {
    throw new ServiceCallError('the answer does not say when to send heartbeats', {
      status: 200,
      code: 'bad-answer',
      service: 'gateway',
      endpoint: 'POST /services/register',
      body: answer,
    });
  }
  return { heartbeatMs: answer.heartbeat.intervalMs, expiresAt: takeToken(gateway, answer) };
}

/** @returns when the plugin token ends now, where the answer brought a new one */
export async function heartbeat(
  gateway: GatewayClient,
  baseUrl: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const path = `/services/${encodeURIComponent(gateway.pluginId)}/heartbeat`;
  return takeToken(gateway, await send(gateway, HEARTBEAT, path, { baseUrl }, signal));
}

/** Takes this instance out. An instance that the gateway no longer knows is out already. */
export async function unregister(
  gateway: GatewayClient,
  services: readonly PluginService[],
  baseUrl: string,
): Promise<void> {
  const plugin = encodeURIComponent(gateway.pluginId);
  const query = new URLSearchParams({ baseUrl });
  const names = services.length === 0 ? [''] : services.map(({ name }) => `/${encodeURIComponent(name)}`);
  for (const name of names) {
    const path = `/services/${plugin}${name}?${query}`;
    await send(gateway, UNREGISTER, path, undefined).catch((error: unknown) => {
      if (!(error instanceof ServiceCallError) || error.status !== 404) throw error;
    });
  }
}

async function send(
  gateway: GatewayClient,
  endpoint: Endpoint,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const request = { method: endpoint.method, path, headers: {}, body: text };
  return await gateway.send(endpoint, request, { timeoutMs: TIMEOUT_MS, retry: false, signal });
}

function takeToken(gateway: GatewayClient, answer: unknown): number | undefined {
  if (!isRecord(answer) || typeof answer.token !== 'string') return undefined;
  gateway.renewToken(answer.token);
  const { expiresAt } = answer;
  const end = typeof expiresAt === 'string' ? Date.parse(expiresAt) : expiresAt;
  return typeof end === 'number' && !Number.isNaN(end) ? end : undefined;
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 2 ** 31;
}
