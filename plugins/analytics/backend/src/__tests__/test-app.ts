import { createGatewayClient } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../app.ts';

export interface TestAppOptions {
  readonly gatewayUrl: string;
  readonly reportTimeoutMs?: number;
}

/** The app as it stands behind that gateway. Calls are tried once, so that a failure is seen at once. */
export function testApp({ gatewayUrl, reportTimeoutMs = 10_000 }: TestAppOptions): FastifyInstance {
  const gateway = createGatewayClient({ pluginId: 'plugin-analytics', gatewayUrl, retry: false });
  return buildApp({ gateway, now: () => new Date('2026-01-01T00:00:00Z'), reportTimeoutMs });
}

/** The headers that the gateway puts on a request of this tenant. */
export function requestOf(tenant: string): Record<string, string> {
  return { 'x-tenant-id': tenant, 'x-plexica-context': tenant };
}

/** What the app answers to one request of a tenant. */
export async function send(app: FastifyInstance, method: 'GET' | 'POST', url: string, tenant = 'demo') {
  const reply = await app.inject({ method, url, headers: requestOf(tenant) });
  return { status: reply.statusCode, body: reply.json() as unknown };
}
