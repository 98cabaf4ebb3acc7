import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import { isFromNetwork } from '../server/create-log.ts';
import { upstreamError } from './upstream-error.ts';

/**
 * An answer that broke before any of its body came: nothing is on its way to the client yet, which gets an error of the
 * gateway's. What the plugin said about its own answer does not hold for that one.
 *
 * @returns the error to answer with
 */
export function brokenAnswer(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  const call = request.upstreamCall;
  if (call?.instance === undefined || reply.raw.headersSent) return error;
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
  for (const name of reply.raw.getHeaderNames()) reply.raw.removeHeader(name);
  const { answerHeaders, route, timeout } = call.admission;
  reply.header('x-request-id', request.id).headers(answerHeaders);
  return error instanceof Error && !(error instanceof GatewayError) && isFromNetwork(error)
    ? upstreamError(error, route.pluginId, timeout)
    : error;
}
