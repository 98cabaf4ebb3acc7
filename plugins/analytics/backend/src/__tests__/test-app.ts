import { createEventBus, type DomainEvent, type Message, type Transport } from '@plexica/event-bus';
import { pluginAnalyticsEvents } from '@plexica/generated/events/plugin-analytics';
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
  const { bus } = testBus();
  return buildApp({ gateway, bus, now: () => new Date('2026-01-01T00:00:00Z'), reportTimeoutMs });
}

/** A bus that handles what it is given. */
export function testBus() {
  let receive: ((message: Message) => void) | undefined;
  const transport: Transport = {
    name: 'embedded',
    start: async () => undefined,
    stop: async () => undefined,
    publish: async () => undefined,
    deadLetter: async () => undefined,
    async subscribe(options) {
      ({ receive } = options);
      const subscription = { pause: () => undefined, resume: () => undefined, stop: async () => undefined };
      return { ...subscription, lag: async () => ({ messages: 0, oldestMs: 0 }) };
    },
  };
  return {
    bus: createEventBus({ events: pluginAnalyticsEvents, transport }),
    /** Resolves once it is settled. */
    deliver: (event: DomainEvent) =>
      new Promise<void>((settle) => {
        const { tenantId, source } = event;
        const message = { event, raw: '', lane: `${tenantId} ${source}`, origin: '', redeliveries: 0 };
        receive?.({ ...message, isOurs: () => true, settle });
      }),
  };
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
