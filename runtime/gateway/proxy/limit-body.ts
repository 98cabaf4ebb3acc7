import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { bodyTooLarge } from '../rules/body.ts';
import { discardRest } from './discard-rest.ts';

/** The body of a request on its way to a plugin: counted, never kept. */
export interface LimitedBody extends Readable {
  /** Whether any of it was asked for. Before that, nothing of the request is used up, and another may be made of it. */
  readonly begun: boolean;
}

/**
 * Over the limit it fails with `body-too-large`, and what the client still sends is thrown away.
 *
 * @param maxBody in bytes
 * @param onProgress called for every piece
 */
export function limitBody(request: IncomingMessage, maxBody: number, onProgress: () => void): LimitedBody {
  return new CountedBody(request, maxBody, onProgress);
}

class CountedBody extends Readable implements LimitedBody {
  begun = false;
  readonly #request: IncomingMessage;
  readonly #maxBody: number;
  readonly #onProgress: () => void;
  #seen = 0;

  constructor(request: IncomingMessage, maxBody: number, onProgress: () => void) {
    super();
    this.#request = request;
    this.#maxBody = maxBody;
    this.#onProgress = onProgress;
  }

  override _read(): void {
    if (!this.begun) this.#begin();
    this.#request.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.begun) this.#leave();
    done(error);
  }

  #begin(): void {
    this.begun = true;
    this.#request.on('data', this.#onData).once('end', this.#onEnd).once('error', this.#onError);
  }

  /** When the plugin answers early, the rest of the body goes nowhere, but it must be read for the connection's sake. */
  #leave(): void {
    const request = this.#request;
    request.off('data', this.#onData);
    if (!request.readableEnded) discardRest(request);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#seen += chunk.length;
    this.#onProgress();
    if (this.#seen > this.#maxBody) this.destroy(bodyTooLarge(this.#maxBody));
    else if (!this.push(chunk)) this.#request.pause();
  };

  readonly #onEnd = (): void => void this.push(null);

  readonly #onError = (error: Error): void => void this.destroy(error);
}
