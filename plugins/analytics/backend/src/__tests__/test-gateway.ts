import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the CRM keeps for one tenant. */
export interface CrmData {
  readonly contacts: readonly object[];
  readonly deals: readonly object[];
}

/** An answer in the place of the one that the gateway would give. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A call that has come. */
export interface IncomingCall {
  /** Resolves once the caller has its answer or has gone. */
  readonly over: Promise<void>;
}

export interface TestGateway {
  readonly url: string;
  /** `GET /plugin-crm/contacts?skip=0&take=100`, in the order in which they came. */
  readonly calls: readonly string[];
  /** Answers a path, below the gateway's base path, in another way; `hang` never answers. */
  answer(path: string, answer: Answer | 'hang'): void;
  /** Resolves with the next call of the path, once it has come. */
  called(path: string): Promise<IncomingCall>;
  close(): Promise<void>;
}

const BASE_PATH = '/api/plugin-gateway';
const OPEN = ['lead', 'qualified', 'proposal'];

/**
 * A small HTTP server that plays the gateway in front of the CRM. As at the real one, the tenant of a call is what
 * the context on it says, and nothing else: here the context is the tenant's name.
 */
export async function startTestGateway(
  tenants: Readonly<Record<string, CrmData>> = {},
): Promise<TestGateway> {
  const calls: string[] = [];
  const answers = new Map<string, Answer | 'hang'>();
  const waiting = new Map<string, (call: IncomingCall) => void>();

  const server = createServer((request, reply) => {
    const url = new URL(request.url ?? '', 'http://gateway');
    const path = url.pathname.slice(BASE_PATH.length);
    calls.push(`${request.method} ${path}${url.search}`);
    waiting.get(path)?.({ over: once(reply, 'close').then(() => undefined) });
    if (path === '/events/stream') {
      // It stays open, and no events come.
      reply.writeHead(200, { 'content-type': 'application/x-ndjson' });
      reply.write('{"stream":"s1","heartbeatMs":5000}\n');
      return;
    }
    const answer = answers.get(path) ?? answerAsGateway(request, path, url.searchParams, tenants);
    if (answer === 'hang') return;
    reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer: (path, answer) => answers.set(path, answer),
    called: (path) => new Promise((resolve) => waiting.set(path, resolve)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerAsGateway(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  tenants: Readonly<Record<string, CrmData>>,
): Answer {
  if (path === '/plugins/plugin-crm') return ok({ data: { state: 'HEALTHY', reasons: [] } });
  if (path === '/services/register') return ok({ data: { heartbeat: { intervalMs: 60_000 } } });
  if (path.startsWith('/services/')) return ok({ message: 'done' });
  if (path === '/events/transport') return ok({ data: { kind: 'embedded' } });
  const data = tenants[String(request.headers['x-plexica-context'])];
  if (data === undefined)
    return { status: 403, body: { success: false, error: 'no context', code: 'no-context' } };
  if (path === '/plugin-crm/contacts') return page(data.contacts, query);
  if (path === '/plugin-crm/deals') return page(data.deals, query);
  const openDeals = data.deals.filter((deal) => 'stage' in deal && OPEN.includes(String(deal.stage))).length;
  return ok({ data: { stages: [], totalDeals: data.deals.length, openDeals, totalAmounts: [] } });
}

function page(items: readonly object[], query: URLSearchParams): Answer {
  const skip = Number(query.get('skip'));
  return ok({ data: items.slice(skip, skip + Number(query.get('take'))), total: items.length });
}

function ok(body: object): Answer {
  return { status: 200, body: { success: true, ...body } };
}
