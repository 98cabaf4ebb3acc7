import type { CloudEvent } from '@plexica/event-bus/envelope';
import type { RouteTablePlugin } from '@plexica/types';

/** Publishes contacts and deals, and is told of its own deals. */
export const PUBLISHER = {
  id: 'plugin-crm',
  publishes: ['crm.contact.created', 'crm.deal.won'],
  subscribes: ['crm.deal.won'],
} satisfies Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>;

/** Is told of contacts, and publishes reports. */
export const SUBSCRIBER = {
  id: 'plugin-analytics',
  publishes: ['analytics.report.made'],
  subscribes: ['crm.contact.created', 'user.login'],
} satisfies Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>;

/** Is told of reports alone. */
export const READER = {
  id: 'plugin-mail',
  subscribes: ['analytics.report.made'],
} satisfies Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>;

/** What plugin-crm might publish for tenant acme. */
export function cloudEvent(rest: Partial<CloudEvent> & Readonly<Record<string, unknown>> = {}) {
  return {
    specversion: '1.0',
    id: 'e1',
    source: '/plugins/plugin-crm',
    type: 'crm.contact.created',
    time: '2026-01-01T00:00:00Z',
    datacontenttype: 'application/json',
    tenantid: 'acme',
    correlationid: 'r1',
    data: { contactId: 'c1' },
    ...rest,
  };
}

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  readonly body: any;
}

/** A request to the gateway's own endpoints; text is sent as it is. */
export async function ask(
  url: string,
  token: string | undefined,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body:
      body === undefined
        ? null
        : typeof body === 'string' || body instanceof Uint8Array
          ? body
          : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** The lines of a stream of deliveries, one by one. */
export async function readStream(url: string, token: string, query = '') {
  const aborting = new AbortController();
  const response = await fetch(`${url}/events/stream${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: aborting.signal,
  });
  const lines = linesOf(response);
  const first = (await lines.next()).value as { stream: string; heartbeatMs: number };
  return {
    id: first.stream,
    heartbeatMs: first.heartbeatMs,
    /** Undefined at the end. */
    next: async (): Promise<Delivered | undefined> => (await lines.next()).value as Delivered | undefined,
    close: () => aborting.abort(),
  };
}

export interface Delivered {
  readonly seq: number;
  readonly lane: string;
  readonly redeliveries: number;
  readonly event: CloudEvent;
}

async function* linesOf(response: Response): AsyncGenerator<unknown, undefined> {
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  let rest = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line);
  }
  return undefined;
}
