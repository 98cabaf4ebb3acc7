import type { IncomingMessage } from 'node:http';
import { type KeepBody, readBody } from '../validation/read-body.ts';
import type { Admission } from './admit-request.ts';

/** In bytes. What is larger streams, and can be sent once only. */
const LARGEST = 64 * 1024;

/**
 * Reads the body of a request that may be repeated, where it says to be small: without it in hand, a PUT whose instance
 * dies could not be given to another. Undefined where the body streams.
 *
 * @param keep keeps account of a body that is read
 * @throws GatewayError `body-too-large`, `client-gone`, `plugin-busy`, `request-timeout`
 */
export async function keepSmallBody(
  { route, hasBody, maxBody, timeout }: Admission,
  request: IncomingMessage,
  keep?: KeepBody,
): Promise<Buffer | undefined> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!hasBody || route.route.idempotent !== true || !(length <= LARGEST)) return undefined;
  return await readBody(request, maxBody, timeout, keep);
}
