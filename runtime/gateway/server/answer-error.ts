import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorEnvelope, GatewayError } from '../errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import { OWN_ANSWER } from '../rules/security-headers.ts';
import { describeError } from './create-log.ts';

/** Fastify's own refusals, by their codes. The words of the others would tell a client nothing that it can use. */
const FRAMEWORK_ERRORS: ReadonlyMap<string, readonly [ErrorCode, string]> = new Map([
  ['FST_ERR_BAD_URL', ['bad-path', 'the path holds an escape that cannot be read']],
  ['FST_ERR_MAX_PARAM_LENGTH', ['route-not-found', 'a part of the path is longer than any name here']],
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    ['unsupported-media-type', 'the Content-Type is not one that is read here'],
  ],
  ['FST_ERR_CTP_BODY_TOO_LARGE', ['body-too-large', 'the body is larger than allowed here']],
  ['FST_ERR_CTP_INVALID_JSON_BODY', ['bad-request', 'the body is not JSON']],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', ['bad-request', 'the body is empty, and its Content-Type says JSON']],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', ['bad-request', 'the body is not as long as Content-Length says']],
  ['FST_ERR_NOT_FOUND', ['route-not-found', 'there is nothing here']],
]);

/**
 * Answers with the envelope of an error. What is no error of the gateway's own catalogue is a bug: the log gets it,
 * the client learns that there was one. Each is counted.
 */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  metrics: Pick<Metrics, 'refused' | 'validationFailed'>,
): FastifyReply {
  const refusal = refusalOf(error);
  const pluginId = request.observation?.notes.route?.pluginId;
  metrics.refused(refusal.code, pluginId);
  if (refusal.code === 'request-invalid' && pluginId !== undefined) {
    for (const part of new Set(refusal.details?.map((detail) => detail.in))) {
      metrics.validationFailed(pluginId, part);
    }
  }
  request.observation?.refused(refusal);
  if (refusal.code === 'internal-error')
    request.log.error({ error: describeError(error) }, 'a request failed for a reason of our own');
  return reply
    .code(refusal.status)
    .headers(OWN_ANSWER)
    .headers(refusal.headers)
    .send(errorEnvelope(refusal, request.id));
}

/** What an error says to a client. */
export function refusalOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof Error) {
    const known = 'code' in error ? FRAMEWORK_ERRORS.get(String(error.code)) : undefined;
    if (known !== undefined) return new GatewayError(...known, { cause: error });
    // Fastify's validation of the gateway's own endpoints says what is wrong with the client's values.
    if ('validation' in error) return new GatewayError('bad-request', error.message, { cause: error });
    if ('statusCode' in error && error.statusCode === 400) {
      return new GatewayError('bad-request', 'the request cannot be read', { cause: error });
    }
  }
  return new GatewayError('internal-error', 'the gateway failed; its log says why', { cause: error });
}
