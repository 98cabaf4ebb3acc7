/** The ways in which a call fails, as errors. */
import type { Endpoint } from './endpoint.ts';
import { type AnswerBody, isRecord } from './read-answer.ts';
import { retryAfter } from './retry.ts';
import { ServiceCallError } from './service-call-error.ts';

export function refused(
  endpoint: Endpoint,
  response: Response,
  body: AnswerBody,
  now: number,
): ServiceCallError {
  if (response.status >= 300 && response.status < 400) {
    return badAnswer(endpoint, response, body, 'the answer is a redirect, which is not followed');
  }
  const said = body.kind === 'json' && isRecord(body.value) ? body.value : {};
  const reason = typeof said.error === 'string' ? said.error : 'the call failed';
  return new ServiceCallError(reason, {
    ...failureOf(endpoint, response.status),
    code: typeof said.code === 'string' ? said.code : `http-${response.status}`,
    requestId: typeof said.requestId === 'string' ? said.requestId : requestIdOf(response),
    retryAfterMs: retryAfter(response.headers.get('retry-after'), now),
    body: body.kind === 'json' ? body.value : undefined,
  });
}

export function badAnswer(
  endpoint: Endpoint,
  response: Response,
  body: AnswerBody,
  wrong: string,
): ServiceCallError {
  return new ServiceCallError(wrong, {
    ...failureOf(endpoint, response.status),
    code: 'bad-answer',
    requestId: requestIdOf(response),
    body: body.kind === 'json' ? body.value : undefined,
  });
}

export function aborted(endpoint: Endpoint, cause: unknown): ServiceCallError {
  return new ServiceCallError('the call was aborted', { ...failureOf(endpoint, 0), code: 'aborted', cause });
}

export function timedOut(endpoint: Endpoint, timeoutMs: number, cause: unknown): ServiceCallError {
  const reason = `no answer within ${timeoutMs} ms`;
  return new ServiceCallError(reason, { ...failureOf(endpoint, 0), code: 'timeout', cause });
}

export function unreachable(endpoint: Endpoint, cause: unknown): ServiceCallError {
  const reason = `the gateway cannot be reached${wordOf(cause)}`;
  return new ServiceCallError(reason, { ...failureOf(endpoint, 0), code: 'network', cause });
}

function failureOf(endpoint: Endpoint, status: number) {
  return { status, service: endpoint.service, endpoint: `${endpoint.method} ${endpoint.path}` };
}

function requestIdOf(response: Response): string | undefined {
  return response.headers.get('x-request-id') ?? undefined;
}

/** The system's word for it, such as ECONNREFUSED. Addresses stay out: messages end up in answers. */
function wordOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}
