import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/**
 * An answer of 304 has no body, and may say how long the body would be (RFC 9110, 15.4.5). undici takes that for a
 * promise, and the answer for one that broke off: what it says of the body is not heard.
 */
export function withoutBody(answer: Dispatcher.ResponseData): Dispatcher.ResponseData {
  answer.body.on('error', () => undefined).resume();
  // Whoever gets it reads a stream, and nothing else.
  return { ...answer, body: Readable.from([]) as Dispatcher.ResponseData['body'] };
}
