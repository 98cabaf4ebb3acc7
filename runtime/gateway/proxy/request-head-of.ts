import type { FastifyRequest } from 'fastify';
import type { RequestHead } from '../rules/request-head.ts';

/** The head of a request, of Fastify's or one that stays outside of it, as it came: neither decoded nor merged. */
export function requestHeadOf({ raw, id }: Pick<FastifyRequest, 'raw' | 'id'>): RequestHead {
  return {
    method: raw.method ?? '',
    target: raw.url ?? '',
    rawHeaders: raw.rawHeaders,
    remoteAddress: raw.socket.remoteAddress,
    protocol: 'encrypted' in raw.socket ? 'https' : 'http',
    requestId: id,
  };
}
