import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';

/** Answers in the form that all of the plugin's errors have: `{ success: false, error }`. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const statusCode = error.statusCode ?? 500;
  if (statusCode >= 500) {
    request.log.error(error);
    reply.status(500).send({ success: false, error: 'internal server error' });
    return;
  }
  reply.status(statusCode).send({ success: false, error: explain(error) });
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const [path] = request.url.split('?');
  reply.status(404).send({ success: false, error: `there is no endpoint ${request.method} ${path}` });
}

function explain(error: FastifyError): string {
  const [problem] = error.validation ?? [];
  return problem === undefined ? error.message : explainProblem(problem, error.validationContext);
}

const places: Readonly<Record<string, string>> = {
  querystring: 'query parameter ',
  params: 'path parameter ',
};

/** Names the field first: `email is required`, `query parameter take must be <= 200`. */
function explainProblem(problem: FastifySchemaValidationError, context = 'body'): string {
  const { keyword, params } = problem;
  const path = problem.instancePath.split('/').slice(1).map(readPointerSegment);
  let wrong = problem.message ?? 'is not valid';
  if (keyword === 'required') {
    path.push(String(params.missingProperty));
    wrong = 'is required';
  } else if (keyword === 'additionalProperties') {
    path.push(String(params.additionalProperty));
    wrong = 'is not known';
  } else if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    wrong = `must be one of ${params.allowedValues.join(', ')}`;
  }
  const field = path.length === 0 ? context : `${places[context] ?? ''}${path.join('.')}`;
  return `${field} ${wrong}`;
}

/** RFC 6901. */
function readPointerSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
