import type { FastifyRequest } from 'fastify';
import type { RequestHead } from '../rules/request-head.ts';

/** The head of a request that Fastify carries, as it came: neither decoded nor merged. */
export function requestHeadOf(request: FastifyRequest): RequestHead {
  const { raw } = request;
  return {
    method: raw.method ?? '',
    target: raw.url ?? '',
    rawHeaders: raw.rawHeaders,
    remoteAddress: raw.socket.remoteAddress,
    protocol: 'encrypted' in raw.socket ? 'https' : 'http',
    requestId: request.id,
  };
}
