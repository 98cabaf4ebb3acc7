import type { Clock } from '../../clock.ts';
import { type RetryPolicy, retryDelay } from '../../delivery/retry-delay.ts';
import type { DeadLetter } from '../transport.ts';
import { callGateway, GatewayCallError, member } from './gateway-calls.ts';
import type { GatewayPort } from './gateway-port.ts';

/** What was done with the messages of a subscription, on its way to the gateway: soon, together, and until it arrives. */
export interface Acknowledgements {
  /** @param stream that delivered it */
  settle(stream: string, seq: number): void;
  /** Says that this reader is alive; only where nothing else was said lately. */
  ping(stream: string): void;
  /**
   * Keeps a dead letter. Once, now.
   *
   * @throws GatewayCallError
   */
  deadLetter(stream: string, seq: number, letter: DeadLetter): Promise<void>;
  /** Resolves once everything settled so far has arrived, or was tried for so many milliseconds. */
  flush(ms: number): Promise<void>;
  close(): void;
}

export interface AcknowledgementsOptions {
  readonly gateway: GatewayPort;
  readonly clock: Clock;
  /** The gateway no longer has the stream. */
  readonly onLost: (stream: string) => void;
}

const PATH = '/events/acknowledgements';
/** How long settled messages wait for others, in milliseconds. */
const GATHER = 4;
/** Of one request. */
const MOST = 5_000;
const AGAIN: RetryPolicy = { attempts: Number.POSITIVE_INFINITY, initial: 50, max: 2_000 };

export function createAcknowledgements({
  gateway,
  clock,
  onLost,
}: AcknowledgementsOptions): Acknowledgements {
  /** By stream, the messages to settle; none where it only gives a sign of life. */
  const waiting = new Map<string, number[]>();
  let sending: Promise<void> | undefined;
  let closed = false;

  return {
    settle(stream, seq) {
      const seqs = waiting.get(stream);
      if (seqs === undefined) waiting.set(stream, [seq]);
      else seqs.push(seq);
      sendSoon();
    },
    ping(stream) {
      if (waiting.has(stream)) return;
      waiting.set(stream, []);
      sendSoon();
    },
    async deadLetter(stream, seq, { reason, error, attempts, failedAt }) {
      const body = { stream, deadLetters: [{ seq, reason, error, attempts, failedAt }] };
      try {
        await callGateway(gateway, PATH, JSON.stringify(body));
      } catch (failure) {
        // The letter is kept before it is looked whether the stream is still there.
        if (!isLost(failure)) throw failure;
      }
    },
    async flush(ms) {
      let cancel = () => {};
      const late = new Promise<void>((resolve) => {
        cancel = clock.after(ms, resolve);
      });
      while (sending !== undefined && (await Promise.race([sending.then(() => true), late]))) {}
      cancel();
    },
    close() {
      closed = true;
      waiting.clear();
    },
  };

  function sendSoon(): void {
    sending ??= new Promise<void>((resolve) => {
      clock.after(GATHER, resolve);
    })
      .then(send)
      .finally(() => {
        sending = undefined;
        if (waiting.size > 0 && !closed) sendSoon();
      });
  }

  async function send(): Promise<void> {
    for (const [stream, all] of waiting) {
      waiting.delete(stream);
      const seqs = all.splice(0, MOST);
      if (all.length > 0) waiting.set(stream, all);
      await arrive(stream, seqs);
    }
  }

  async function arrive(stream: string, settled: readonly number[]): Promise<void> {
    const body = JSON.stringify({ stream, settled });
    for (let attempt = 1; !closed; attempt += 1) {
      try {
        if (member(await callGateway(gateway, PATH, body), 'open') === false) onLost(stream);
        return;
      } catch (error) {
        // What is lost is delivered again; a token that has ended may be renewed.
        if (error instanceof GatewayCallError && !error.mayPass && error.status !== 401)
          return onLost(stream);
        await new Promise<void>((resolve) => {
          clock.after(retryDelay(AGAIN, attempt, clock.random()), resolve);
        });
      }
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof GatewayCallError && error.code === 'event-stream-lost';
}
