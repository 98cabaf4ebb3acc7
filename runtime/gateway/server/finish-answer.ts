import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { requestHeadOf } from '../proxy/request-head-of.ts';
import { corsHeaders, preflightHeaders } from '../rules/cors.ts';
import { EVERY_ANSWER, OWN_ANSWER, transportHeaders } from '../rules/security-headers.ts';

/** Puts on an answer what is the gateway's to say, whoever gave the answer: plugins share one origin. */
export function finishAnswer(
  { deployment }: Pick<GatewayContext, 'deployment'>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { config, clientOf } = deployment();
  const client = request.upstreamCall?.admission.client ?? clientOf(requestHeadOf(request));
  reply.headers(EVERY_ANSWER);
  if (client.protocol === 'https') reply.headers(transportHeaders(client));
  if (config.cors === undefined) return;
  reply.headers(corsHeaders(config.cors, request.raw));
  addVary(reply, 'Origin');
}

/** Puts on an answer of the gateway's own what the endpoint does not say itself. */
export function finishOwnAnswer(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(OWN_ANSWER)) {
    if (!reply.hasHeader(name)) reply.header(name, value);
  }
}

/**
 * Answers a preflight, where pages of other origins may call. No endpoint takes OPTIONS: its refusal, which names the
 * methods of the path, holds what the page wants to know.
 *
 * @returns undefined for everything else
 */
export function answerPreflight(
  { deployment }: Pick<GatewayContext, 'deployment'>,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const { cors } = deployment().config;
  if (cors === undefined || !(error instanceof GatewayError) || error.code !== 'method-not-allowed')
    return undefined;
  const headers = preflightHeaders(cors, requestHeadOf(request), error.headers.allow ?? '');
  if (headers === undefined) return undefined;
  reply.header('vary', 'Access-Control-Request-Headers');
  return reply.code(204).headers(headers).send();
}

function addVary(reply: FastifyReply, name: string): void {
  const present = [reply.getHeader('vary') ?? []].flat().join(', ');
  const names = present
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());
  if (names.includes('*') || names.includes(name.toLowerCase())) return;
  reply.header('vary', present === '' ? name : `${present}, ${name}`);
}
