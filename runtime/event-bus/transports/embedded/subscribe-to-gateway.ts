import type { Clock } from '../../clock.ts';
import { type RetryPolicy, retryDelay } from '../../delivery/retry-delay.ts';
import { domainEventOf } from '../../envelope/cloud-event.ts';
import { wait } from '../../wait.ts';
import type { Lag, Message, SubscribeOptions, Subscription } from '../transport.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { answerOf, busErrorOf, callGateway, GatewayCallError, member } from './gateway-calls.ts';
import type { GatewayPort } from './gateway-port.ts';
import { readLines } from './read-lines.ts';

export interface GatewaySubscriptionOptions extends SubscribeOptions {
  readonly gateway: GatewayPort;
  readonly clock: Clock;
  /** How long the gateway may be away at the start, and refuse a token later, in milliseconds. */
  readonly patience: number;
  readonly log: (level: 'warn' | 'error', text: string) => void;
  /** @param onLost is told of streams that the gateway no longer has */
  readonly acknowledge: (onLost: (stream: string) => void) => Acknowledgements;
}

/** A connection that lived, or lives. */
interface OpenStream {
  readonly id: string;
  /** Breaks it. */
  abort(): void;
  lost: boolean;
}

const AGAIN: RetryPolicy = { attempts: Number.POSITIVE_INFINITY, initial: 200, max: 15_000 };
/** The widest window that the gateway gives. */
const WIDEST = 10_000;
/** So many signs of life may be missing. */
const MISSED = 3;
/** How long the last acknowledgements are tried, in milliseconds. */
const FLUSH = 5_000;
/** The head of a delivery is short, and the gateway bounds events. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * Reads deliveries from the gateway, and connects again whenever the connection is lost. Resolves once the first one is
 * open.
 *
 * @throws EventBusError `transport-refused`, `transport-unavailable`
 */
export async function subscribeToGateway(options: GatewaySubscriptionOptions): Promise<Subscription> {
  const { gateway, clock, names, receive, window, log } = options;
  const held: Message[] = [];
  const first = Promise.withResolvers<void>();
  const stopping = new AbortController();
  let begun = false;
  let paused = false;
  let current: OpenStream | undefined;
  let last: string | undefined;
  const acknowledgements = options.acknowledge((id) => {
    if (current?.id === id) current.abort();
  });
  const running = run();
  await first.promise;

  return {
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      for (const message of held.splice(0)) receive(message);
    },
    async lag() {
      const lag = await callGateway(gateway, '/events/lag').catch((error) => {
        throw busErrorOf(error);
      });
      // As the gateway answers.
      return lag as Lag;
    },
    async stop() {
      paused = true;
      held.splice(0);
      await acknowledgements.flush(FLUSH);
      acknowledgements.close();
      stopping.abort();
      current?.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    let failures = 0;
    let failingSince: number | undefined;
    while (!stopping.signal.aborted) {
      try {
        await readOne(() => {
          failures = 0;
          failingSince = undefined;
        });
        failures = Math.max(failures, 1);
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures += 1;
        failingSince ??= clock.now();
        if (isFinal(error, clock.now() - failingSince)) return end(error);
        log('warn', `no events come from the gateway now, it is tried again: ${wordsOf(error)}`);
      }
      await wait(retryDelay(AGAIN, failures, clock.random()), clock, stopping.signal);
    }
  }

  /** From its opening to its end, whoever ends it. */
  async function readOne(onOpen: () => void): Promise<void> {
    // What is settled arrives before the lanes are given to somebody else.
    await acknowledgements.flush(last === undefined ? 0 : 1_000);
    const breaking = new AbortController();
    const abort = () => breaking.abort();
    stopping.signal.addEventListener('abort', abort, { once: true });
    let stream: OpenStream | undefined;
    let heartbeat = 5_000;
    let watch = clock.after(heartbeat * MISSED, abort);
    const alive = () => {
      watch();
      watch = clock.after(heartbeat * MISSED, abort);
    };
    let ping = () => {};
    try {
      const query = new URLSearchParams({ names: names.join(), window: String(Math.min(window, WIDEST)) });
      if (last !== undefined) query.set('after', last);
      const { body } = await answerOf(gateway, `/events/stream?${query}`, { signal: breaking.signal });
      if (body === null) throw new Error('the answer has no body');
      for await (const line of readLines(body, LONGEST_LINE)) {
        if (stream === undefined) {
          const opening: unknown = JSON.parse(line);
          stream = { id: String(member(opening, 'stream')), abort, lost: false };
          heartbeat = Number(member(opening, 'heartbeatMs'));
          [current, last] = [stream, stream.id];
          ping = pingEvery(heartbeat, stream.id);
          onOpen();
          begin();
        } else if (line !== '') deliver(line, stream);
        alive();
      }
    } catch (error) {
      throw error instanceof GatewayCallError
        ? error
        : new GatewayCallError(wordsOf(error), 0, 'network', error);
    } finally {
      watch();
      ping();
      stopping.signal.removeEventListener('abort', abort);
      if (stream !== undefined) stream.lost = true;
      if (current === stream) current = undefined;
      breaking.abort();
    }
  }

  function deliver(line: string, stream: OpenStream): void {
    const delivery: unknown = JSON.parse(line);
    const seq = Number(member(delivery, 'seq'));
    const content = member(delivery, 'event');
    const event = domainEventOf(content);
    const message: Message = {
      event: typeof event === 'string' ? undefined : event,
      ...(typeof event === 'string' ? { problem: event } : {}),
      raw: typeof content === 'string' ? content : JSON.stringify(content),
      lane: String(member(delivery, 'lane')),
      origin: originOf(stream.id, seq),
      redeliveries: Number(member(delivery, 'redeliveries')),
      isOurs: () => !stream.lost,
      settle: () => acknowledgements.settle(stream.id, seq),
    };
    if (paused) held.push(message);
    else receive(message);
  }

  function pingEvery(ms: number, stream: string): () => void {
    let cancel = clock.after(ms, again);
    function again(): void {
      acknowledgements.ping(stream);
      cancel = clock.after(ms, again);
    }
    return () => cancel();
  }

  function begin(): void {
    begun = true;
    first.resolve();
  }

  /** A refusal is; a token that has ended may be renewed in a while, and a gateway that is away at the start come. */
  function isFinal(error: unknown, failingFor: number): boolean {
    const refusal = error instanceof GatewayCallError && !error.mayPass ? error : undefined;
    if (!begun) return refusal !== undefined || failingFor > options.patience;
    return refusal !== undefined && (refusal.status !== 401 || failingFor > options.patience);
  }

  function end(error: unknown): void {
    acknowledgements.close();
    if (begun) options.onFailure(busErrorOf(error));
    else first.reject(busErrorOf(error));
  }
}

/** Where a message stands, as dead letters name it. */
function originOf(stream: string, seq: number): string {
  return `events.db@${seq} (stream ${stream})`;
}

/** Undefined for what is no origin of this transport. */
export function parseOrigin(origin: string): { readonly stream: string; readonly seq: number } | undefined {
  const [, seq, stream] = /^events\.db@(\d+) \(stream ([^)]+)\)$/.exec(origin) ?? [];
  return seq === undefined || stream === undefined ? undefined : { stream, seq: Number(seq) };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
