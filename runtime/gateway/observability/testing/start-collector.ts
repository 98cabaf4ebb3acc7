import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A collector of spans on a real socket: OTLP over HTTP, in JSON. */
export interface TestCollector {
  /** With `/v1/traces`. */
  readonly url: URL;
  /** What it was sent and accepted, span by span. */
  readonly spans: readonly ReceivedSpan[];
  /** All bodies, as they came. */
  readonly text: string;
  readonly authorization: string | undefined;
  /** Answers from now on; accepts at first. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export interface ReceivedSpan {
  readonly name: string;
  /** 2: of a server; 3: of a client. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** 0: unset; 2: an error. */
  readonly status: number;
  /** Of the process that sent it. */
  readonly resource: Readonly<Record<string, string | number>>;
}

export async function startCollector(): Promise<TestCollector> {
  const spans: ReceivedSpan[] = [];
  let text = '';
  let authorization: string | undefined;
  const server = createServer(async (request, response) => {
    authorization = request.headers.authorization;
    let body = '';
    for await (const chunk of request) body += chunk;
    text += body;
    response.once('finish', () => {
      if (response.statusCode === 200) spans.push(...spansOf(body));
    });
    collector.answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;

  const collector: TestCollector = {
    url: new URL(`http://127.0.0.1:${port}/v1/traces`),
    spans,
    get text() {
      return text;
    },
    get authorization() {
      return authorization;
    },
    answer: accept,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return collector;
}

export function accept(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json').end('{}');
}

/** As `opentelemetry/proto/collector/trace/v1` has it, in JSON; as far as these tests look. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

function spansOf(body: string): ReceivedSpan[] {
  // What is not of this shape fails the test that looks at it.
  const { resourceSpans } = JSON.parse(body) as ExportRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap((scope) => scope.spans)
      .map(({ name, kind, traceId, spanId, parentSpanId, attributes, status }) => ({
        name,
        kind,
        traceId,
        spanId,
        parentSpanId,
        attributes: record(attributes),
        status: status.code ?? 0,
        resource: record(resource.attributes),
      })),
  );
}

function record(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']),
  );
}
