import { expect } from 'vitest';
import { openConnection } from '../../../runtime/gateway/testing/raw-connection.ts';
import {
  ANALYTICS,
  CRM,
  route,
  startGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../../runtime/gateway/testing/start-gateway.ts';
import {
  type SeenRequest,
  startPlugin,
  type TestPlugin,
} from '../../../runtime/gateway/testing/start-plugin.ts';
import { expectNoSecrets } from './expect-no-secrets.ts';
import { type Answer, readAnswers } from './read-answers.ts';

/**
 * A gateway before the plugins CRM and analytics, on real sockets. All that it answers and logs is kept, and
 * searched for secrets when it closes.
 */
export interface Target {
  readonly gateway: TestGateway;
  readonly crm: TestPlugin;
  readonly analytics: TestPlugin;
  /** `Authorization: Bearer …` of Ada, a user of tenant acme, with all permissions of the table. */
  readonly asAda: string;
  /** `Authorization: Bearer …` of analytics, which may read contacts. */
  readonly asAnalytics: string;
  /**
   * Writes these bytes to a connection of their own, and returns what came back when the gateway had closed it.
   *
   * @param methods of the requests in the text, where one is HEAD
   */
  send(text: string, methods?: readonly string[]): Promise<readonly Answer[]>;
  /** The one answer that these bytes get, and what arrived at CRM meanwhile. */
  ask(text: string, method?: string): Promise<Outcome>;
  /** Remembers what must never be told. */
  keepSecret(...secrets: readonly string[]): void;
  close(): Promise<void>;
}

export interface Outcome {
  readonly answer: Answer;
  readonly arrived: readonly SeenRequest[];
}

/** What CRM serves here beside its contacts. */
export const ROUTES = [
  ...CRM.routes,
  route('POST /open', { auth: false }),
  route('POST /checked'),
  route('PUT /checked/:id'),
  route('GET /search'),
  route('GET /live', { webSocket: true, services: ['crm.contacts'] }),
];

const NAME = { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false };
const VALIDATION = {
  'plugin-crm': {
    endpoints: {
      'POST /checked': { body: { ...NAME, required: ['name'] } },
      'PUT /checked/:id': { body: NAME },
      'GET /search': {
        querystring: {
          type: 'object',
          properties: { take: { type: 'integer', maximum: 10 } },
          additionalProperties: false,
        },
        headers: { type: 'object', properties: { 'X-Page-Size': { type: 'integer', maximum: 10 } } },
      },
    },
  },
};

/** @param options `plugins` stand in CRM's place, beside analytics */
export async function startTarget(options: Partial<TestGatewayOptions> = {}): Promise<Target> {
  const crm = await startPlugin();
  const analytics = await startPlugin();
  const { plugins = [{ ...CRM, routes: ROUTES }], upstreams, config, ...others } = options;
  const gateway = await startGateway({
    plugins: [...plugins, ANALYTICS],
    upstreams: { 'plugin-crm': crm.url, 'plugin-analytics': analytics.url, ...upstreams },
    validation: VALIDATION,
    config: { circuit: { failures: 1_000_000, window: 1000, open: 1000 }, ...config },
    ...others,
  });
  // Longer than any test takes.
  const ada = await gateway.userToken({}, 600_000);
  const plugin = await gateway.pluginToken('plugin-analytics');
  const { secret } = gateway.keys.current;
  const secrets = [ada, plugin, secret.export().toString('base64url')];
  const addresses = [crm, analytics].map(({ url }) => url.port);
  const answers: string[] = [];

  const target: Target = {
    gateway,
    crm,
    analytics,
    asAda: `Authorization: Bearer ${ada}`,
    asAnalytics: `Authorization: Bearer ${plugin}`,
    async send(text, methods) {
      const connection = await openConnection(gateway.port);
      connection.write(text);
      const received = await connection.closed();
      answers.push(received);
      return readAnswers(received, methods);
    },
    async ask(text, method) {
      const before = crm.seen.length;
      const [answer, ...more] = await target.send(text, method === undefined ? [] : [method]);
      expect(more).toEqual([]);
      return { answer: answer ?? expect.fail('there was no answer'), arrived: crm.seen.slice(before) };
    },
    keepSecret: (...more) => void secrets.push(...more),
    async close() {
      await gateway.close();
      await crm.close();
      await analytics.close();
      expectNoSecrets(
        [...answers, ...gateway.journal.lines.map((line) => JSON.stringify(line))],
        secrets,
        addresses,
      );
    },
  };
  return target;
}

/** The head of a request, up to and with the empty line. The path stands below the base path. */
export function head(endpoint: string, ...lines: readonly string[]): string {
  const [method, path] = endpoint.split(' ');
  return [`${method} /api/plugin-gateway${path} HTTP/1.1`, 'Host: gateway.example', ...lines, '', ''].join(
    '\r\n',
  );
}

/** A request after whose answer the connection ends. */
export function last(endpoint: string, ...lines: readonly string[]): string {
  return head(endpoint, 'Connection: close', ...lines);
}

/** A request with a body of this length, after whose answer the connection ends. */
export function lastWith(endpoint: string, body: string, ...lines: readonly string[]): string {
  return last(endpoint, `Content-Length: ${body.length}`, ...lines) + body;
}

/** Header names in lower case with all their values. */
export function headersOf({ rawHeaders }: SeenRequest): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[at + 1] ?? '']);
  }
  return headers;
}
