import { configSchema } from '@plexica/generated/plugins/plugin-crm';
import { loadPluginConfig } from '@plexica/sdk';
import type { InjectOptions } from 'fastify';
import { buildApp } from '../app.ts';
import { noEvents } from '../events/crm-events.ts';

/** The bus of an app whose events are not looked at. */
export const quietBus = { serve: <Result>(_served: object, work: () => Result) => work() };

/** What the plugin answered. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request as a tenant, and reads the answer. */
export type Send = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  options?: { tenant?: string; body?: unknown } & Pick<InjectOptions, 'headers' | 'payload'>,
) => Promise<Answered>;

export interface TestAppOptions {
  readonly config?: object;
  readonly demoData?: boolean;
}

/** The app with a way to inject requests; they come from tenant `demo` unless they say otherwise. */
export function testApp({ config = {}, demoData = false }: TestAppOptions = {}): Send {
  const app = buildApp({
    config: loadPluginConfig(configSchema, config),
    demoData,
    now: () => new Date('2026-01-01T00:00:00Z'),
    bus: quietBus,
    events: noEvents,
  });
  return async (method, url, { tenant = 'demo', body, headers, payload } = {}) => {
    const sent = body === undefined ? payload : JSON.stringify(body);
    const reply = await app.inject({
      method,
      url,
      headers: {
        'x-tenant-id': tenant,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { payload: sent }),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
}
