import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { ReportError } from '../report-error.ts';

/** Answers in the form that all of the plugin's errors have: `{ success: false, error }`. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof ReportError) {
    if (error.statusCode >= 500) request.log.warn(error);
    reply.status(error.statusCode).send({ success: false, error: error.message });
    return;
  }
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
  querystring: 'query parameter',
  params: 'path parameter',
};

/** Names the parameter first: `query parameter take must be <= 200`. */
function explainProblem(problem: FastifySchemaValidationError, context = 'body'): string {
  const { keyword, params } = problem;
  const place = places[context] ?? context;
  if (keyword === 'additionalProperties') return `${place} ${params.additionalProperty} is not known`;
  const name = problem.instancePath.slice(1);
  return `${place} ${name} ${problem.message ?? 'is not valid'}`;
}
