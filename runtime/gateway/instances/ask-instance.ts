import { Client } from 'undici';
import { SilenceTimer } from '../silence-timer.ts';
import { guardedLookup } from './guarded-lookup.ts';

export interface Question {
  readonly origin: string;
  readonly path: string;
  /** For connection and answer together. */
  readonly timeoutMs: number;
  /** The largest answer, in bytes. */
  readonly maxBytes: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

export interface InstanceAnswer {
  readonly statusCode: number;
  readonly text: string;
}

/**
 * Asks one instance something for the gateway itself, over a connection of its own: a connection that was open already
 * would not show whether anything still listens. Redirects are not followed, and names do not lead to link-local addresses.
 *
 * @throws whatever undici does, an abort, and a DOMException `TimeoutError`
 */
export async function askInstance(question: Question): Promise<InstanceAnswer> {
  const { origin, path, timeoutMs, maxBytes, signal } = question;
  const client = new Client(origin, {
    connect: { lookup: guardedLookup(), timeout: timeoutMs },
    maxResponseSize: maxBytes,
  });
  const late = new AbortController();
  const timer = new SilenceTimer(timeoutMs, () => late.abort(new DOMException('too late', 'TimeoutError')));
  try {
    const { statusCode, body } = await client.request({
      method: 'GET',
      path,
      headers: { accept: 'application/json' },
      reset: true,
      signal: AbortSignal.any([signal, late.signal]),
    });
    return { statusCode, text: await body.text() };
  } finally {
    timer.stop();
    await client.destroy();
  }
}
