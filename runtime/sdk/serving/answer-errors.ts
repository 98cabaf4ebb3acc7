/** An error as Fastify hands it over. */
export interface AnsweredError extends Error {
  /** 500 unless stated. */
  readonly statusCode?: number;
  /** The message is for the caller, whatever the status; unless stated it is up to 499. */
  readonly expose?: boolean;
  readonly validation?: readonly Violation[];
  /** `body`, `querystring`, `params` or `headers`. */
  readonly validationContext?: string;
}

interface Violation {
  readonly keyword: string;
  /** A JSON pointer (RFC 6901). */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** What the handlers use of Fastify's requests and replies. */
export interface FailedRequest {
  readonly method: string;
  readonly url: string;
  readonly log: { error(error: Error): void; warn(error: Error): void };
}

export interface FailureReply {
  status(code: number): { readonly send: unknown };
}

/** A server that is told how to answer failures: a Fastify instance. */
export interface FailingHost {
  setErrorHandler(
    handler: (error: AnsweredError, request: FailedRequest, reply: FailureReply) => void,
  ): unknown;
  setNotFoundHandler(handler: (request: FailedRequest, reply: FailureReply) => void): unknown;
}

/** Answers in the form that all failures of a plugin have: `{ success: false, error }`. */
export function answerErrors(app: FailingHost): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?');
    send(reply, 404, `there is no endpoint ${request.method} ${path}`);
  });
}

/** Also for what Fastify itself refuses before there is a route: its option `frameworkErrors`. */
export function answerError(error: AnsweredError, request: FailedRequest, reply: FailureReply): void {
  const { statusCode = 500, expose = statusCode < 500 } = error;
  if (!expose) {
    request.log.error(error);
    send(reply, 500, 'internal server error');
    return;
  }
  if (statusCode >= 500) request.log.warn(error);
  send(reply, statusCode, explain(error));
}

function send(reply: FailureReply, status: number, error: string): void {
  // Fastify's type of `send` depends on the route, and failures are answered for all routes alike.
  const sender = reply.status(status) as { send(body: object): unknown };
  sender.send({ success: false, error });
}

function explain({ message, validation, validationContext }: AnsweredError): string {
  const [violation] = validation ?? [];
  return violation === undefined ? message : explainViolation(violation, validationContext);
}

const PLACES: Readonly<Record<string, string>> = {
  querystring: 'query parameter ',
  params: 'path parameter ',
  headers: 'header ',
};

/** Names the field first: `email is required`, `query parameter take must be <= 200`. */
function explainViolation(violation: Violation, context = 'body'): string {
  const { keyword, params } = violation;
  const path = violation.instancePath.split('/').slice(1).map(readPointerSegment);
  let wrong = violation.message ?? 'is not valid';
  if (keyword === 'required') {
    path.push(String(params.missingProperty));
    wrong = 'is required';
  } else if (keyword === 'additionalProperties') {
    path.push(String(params.additionalProperty));
    wrong = 'is not known';
  } else if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    wrong = `must be one of ${params.allowedValues.join(', ')}`;
  }
  const field = path.length === 0 ? context : `${PLACES[context] ?? ''}${path.join('.')}`;
  return `${field} ${wrong}`;
}

/** RFC 6901. */
function readPointerSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
