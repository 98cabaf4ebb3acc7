import { GatewayError } from '../errors.ts';
import { headerValues, type RequestHead } from './request-head.ts';

/** Whether a request announces a body. An empty one counts as none. */
export function hasBody(head: Pick<RequestHead, 'rawHeaders'>): boolean {
  const length = contentLength(head);
  return (
    headerValues(head.rawHeaders, 'transfer-encoding').length > 0 || (length !== undefined && length > 0)
  );
}

/**
 * Refuses a body where it has no meaning (RFC 9110, 9.3.1: GET, HEAD), and one that announces more than the limit.
 *
 * @param maxBody in bytes
 * @throws GatewayError `body-not-allowed`, `body-too-large`
 */
export function checkBody(head: Pick<RequestHead, 'method' | 'rawHeaders'>, maxBody: number): void {
  if ((head.method === 'GET' || head.method === 'HEAD') && hasBody(head)) {
    throw new GatewayError(
      'body-not-allowed',
      `${head.method} has no body: send it with POST, or in the query`,
    );
  }
  const length = contentLength(head);
  if (length !== undefined && length > maxBody) throw bodyTooLarge(maxBody);
}

/** @param maxBody in bytes */
export function bodyTooLarge(maxBody: number): GatewayError {
  return new GatewayError('body-too-large', `the body is larger than the ${maxBody} bytes allowed here`, {
    headers: { connection: 'close' },
  });
}

function contentLength(head: Pick<RequestHead, 'rawHeaders'>): number | undefined {
  const value = headerValues(head.rawHeaders, 'content-length')[0];
  return value === undefined ? undefined : Number(value);
}
