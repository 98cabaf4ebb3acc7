import type { Finding } from '../../diagnostics/diagnostic.ts';
import { keySpanAt, type Path, spanAt } from '../../ir/document.ts';
import type { Declaration, Route } from '../../ir/program.ts';
import type { Rule } from '../rule.ts';

/** A WebSocket endpoint is a GET that becomes a connection: it has no answer with a body. */
export const websocketEndpoint: Rule = {
  code: 'PLX4021',
  name: 'websocket-endpoint',
  severity: 'error',

  *check({ routes }) {
    for (const route of routes) {
      if (!route.webSocket) continue;
      const { declarations } = route;
      // The method is the same in all: its cause is told once.
      const stated = declarations.find(({ endpoint }) => endpoint.webSocket === true);
      if (stated !== undefined && route.method !== 'GET') yield notGet(stated, route);
      // The body of a GET is for rule `endpoint-contradiction`.
      for (const declaration of declarations) yield* answers(declaration, route);
    }
  },
};

function notGet({ node }: Declaration, { label, method }: Route): Finding {
  return {
    at: spanAt(node, ['method']),
    message: `${label} is a WebSocket endpoint, and those begin with GET, not with ${method}`,
    label: 'no WebSocket connection begins so',
    related: [{ at: keySpanAt(node, ['webSocket']), label: 'said to be one here' }],
    help: 'change it to "GET", or remove "webSocket"',
  };
}

function* answers({ endpoint, node }: Declaration, { label }: Route): Generator<Finding> {
  const { returns, schema } = endpoint;
  // What it answers to a request that it refuses is an answer like any other.
  const status = Object.keys(schema?.response ?? {}).find((key) => /^[23]/.test(key));
  const paths: readonly (Path | undefined)[] = [
    returns === undefined ? undefined : ['returns'],
    status === undefined ? undefined : ['schema', 'response', status],
  ];
  for (const path of paths) {
    if (path === undefined) continue;
    yield {
      at: keySpanAt(node, path),
      message: `${label} is a WebSocket endpoint, and does not answer with data`,
      label: 'a successful answer',
      help: 'remove it: what goes over the connection is between the two ends, and no manifest describes it',
    };
  }
}
