import type { Readable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { GatewayError } from '../errors.ts';
import { systemClock } from '../instances/clock.ts';
import type { EventHub, Stream } from './event-hub.ts';
import { createLineStream } from './line-stream.ts';

export interface StreamRequest {
  readonly pluginId: string;
  /** What the route table says that the plugin subscribes to. */
  readonly handled: readonly string[];
  /** `names`: what the plugin handles, with commas; `window`; `after`: the stream that its reader lost. */
  readonly query: URLSearchParams;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** In milliseconds. */
const HEARTBEAT = 5_000;
const PATIENCE = 60_000;
const MOST_WINDOW = 10_000;
const WINDOW = 1_000;

/**
 * Deliveries as lines of JSON: first the stream's id and how often it gives a sign of life, then
 * `{ seq, lane, redeliveries, event }` each, with empty lines between them.
 *
 * @throws GatewayError `bad-request`, `event-not-declared`
 */
export function openStream(hub: EventHub, { pluginId, handled, query, log }: StreamRequest): Readable {
  const names = query.get('names')?.split(',') ?? handled;
  mustHandle(pluginId, names, handled);
  const others = handled.filter((name) => !names.includes(name));
  if (others.length > 0) {
    log.warn(
      { plugin: pluginId, events: others },
      'an instance does not handle everything that its plugin subscribes to: the rest waits for another instance',
    );
  }
  const after = query.get('after') ?? undefined;
  let stream: Stream | undefined;
  const lines = createLineStream({
    clock: systemClock,
    heartbeat: HEARTBEAT,
    patience: PATIENCE,
    onRoom: () => stream?.resume(),
    onClose: () => stream?.close(),
  });
  const opened = hub.open({
    group: pluginId,
    names,
    wanted: handled,
    window: windowOf(query.get('window')),
    ...(after === undefined ? {} : { after }),
    deliver({ seq, lane, redeliveries, body }) {
      const head = JSON.stringify({ seq, lane, redeliveries });
      if (!lines.write(`${head.slice(0, -1)},"event":${body}}`)) opened.pause();
    },
    onEnd: lines.end,
  });
  stream = opened;
  lines.write(JSON.stringify({ stream: opened.id, heartbeatMs: HEARTBEAT }));
  return lines.readable;
}

function mustHandle(pluginId: string, names: readonly string[], handled: readonly string[]): void {
  const strange = names.filter((name) => !handled.includes(name));
  if (strange.length > 0 || handled.length === 0) {
    throw new GatewayError(
      'event-not-declared',
      `${pluginId} does not subscribe to ${strange.map((name) => JSON.stringify(name)).join(', ') || 'anything'}: add it ` +
        'to "events.subscribes" of its plugin.json, run `plexica build`, and deploy the result with the gateway',
    );
  }
}

function windowOf(text: string | null): number {
  if (text === null) return WINDOW;
  const window = Number(text);
  if (/^\d{1,5}$/.test(text) && window >= 1 && window <= MOST_WINDOW) return window;
  throw new GatewayError('bad-request', `window must be a number from 1 to ${MOST_WINDOW}`);
}
