import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorEnvelope, GatewayError } from '../errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import { OWN_ANSWER } from '../rules/security-headers.ts';

/**
 * Answers bytes that are not a request, and closes the connection: what follows them cannot be told apart.
 *
 * @param error as Node's parser reports it
 */
export function refuseConnection(
  error: Error & { readonly code?: string },
  socket: Duplex,
  metrics: Pick<Metrics, 'refused'>,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable || hasAnswerUnderWay(socket)) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error.code);
  metrics.refused(refusal.code);
  socket.end(rawAnswer(refusal), () => socket.destroy());
}

/** CONNECT would make a tunnel. */
export function refuseTunnel(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end(rawAnswer(new GatewayError('method-not-supported', 'the gateway makes no tunnels')), () =>
    socket.destroy(),
  );
}

function refusalOf(code: string | undefined): GatewayError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('headers-too-large', 'the headers are larger than allowed');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new GatewayError('body-too-large', 'the chunk extensions are larger than allowed');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('request-timeout', 'the request did not come in time');
    default:
      return new GatewayError('bad-request', 'this is not an HTTP request that can be read in one way alone');
  }
}

/** An error's answer, for a socket that is no longer an HTTP server's. */
export function rawAnswer(error: GatewayError, requestId: string = randomUUID()): string {
  const body = JSON.stringify(errorEnvelope(error, requestId));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...Object.entries(OWN_ANSWER).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

/** Node's own handler asks the same of the same field; there is no public one. */
function hasAnswerUnderWay(socket: Duplex): boolean {
  const { _httpMessage: message } = socket as Duplex & { _httpMessage?: { headersSent?: boolean } | null };
  return message?.headersSent === true;
}
