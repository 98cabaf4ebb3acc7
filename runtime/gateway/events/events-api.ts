import type { DomainEvent } from '@plexica/event-bus';
import { CLOUD_EVENT_BATCH_TYPE, CLOUD_EVENT_TYPE, domainEventOf } from '@plexica/event-bus/envelope';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer } from '../api/answer.ts';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { requireCaller } from '../require-caller.ts';
import type { PluginCaller } from '../rules/caller.ts';
import { describeError } from '../server/create-log.ts';
import { parseJsonBody } from '../validation/parse-json-body.ts';
import type { EventHub } from './event-hub.ts';
import { exchangeContext } from './exchange-context.ts';
import { membersOf } from './members.ts';
import { acceptEvents, type Publisher } from './publish-events.ts';
import type { StoredEvent } from './store/event-store.ts';
import { openStream } from './stream-events.ts';
import { transportInWords } from './transport-answer.ts';

/** Bytes. */
const LARGEST_BATCH = 4 * 1024 * 1024;
const LARGEST_BODY = 1024 * 1024;
const MOST_SETTLED = 10_000;
const MOST_LETTERS = 1_000;
/** Characters of a dead letter's error; more says no more. */
const LONGEST_ERROR = 4_000;
const LONGEST_CONTEXT = 8_192;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the events API for whoever publishes; null elsewhere. */
    publisher: Publisher | null;
  }
}

/**
 * Events between plugins, where the gateway itself carries them, and what plugins need for events on every transport:
 * which one it is, and contexts for their handlers.
 */
export function eventsApi(app: FastifyInstance, context: GatewayContext): void {
  const onRequest = requireCaller(context, 'plugin');
  app.decorateRequest('publisher', null);

  app.register(async (api) => {
    api.removeAllContentTypeParsers();
    const types = ['application/json', CLOUD_EVENT_TYPE, CLOUD_EVENT_BATCH_TYPE];
    api.addContentTypeParser(types, { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
      // Nothing at all is no JSON either.
      parseJsonBody(body),
    );

    api.post(
      '/events',
      { onRequest: publisherRequired, bodyLimit: LARGEST_BATCH },
      async (request, reply) => {
        const { contracts, config } = forEvents(context);
        const { publisher } = request;
        if (publisher === null) throw new Error('who publishes is settled before the body is read');
        const publish = publishingOf(context, publisher);
        const rules = { contracts, contexts: context.contexts, overdue: config.events.retention };
        const events = await acceptEvents(request.body, publisher, rules);
        const kept = await available(request, () => publish(events));
        for (const [index, { source, name }] of events.entries()) {
          if (kept[index] === true) context.metrics.eventPublished(source, name);
        }
        const ids = events.map(({ id }) => id);
        return reply
          .code(202)
          .send(answer({ ids, duplicates: ids.filter((_, index) => kept[index] === false) }));
      },
    );

    api.post('/events/acknowledgements', { onRequest, bodyLimit: LARGEST_BODY }, async (request) => {
      const hub = hubOf(context);
      const { pluginId } = callerOf(request);
      const body = membersOf(request.body);
      const stream = body.text('stream', 100);
      const settled = body.wholeNumbers('settled', MOST_SETTLED);
      const letters = body.objects('deadLetters', MOST_LETTERS).map((letter) => ({
        seq: letter.wholeNumber('seq'),
        group: pluginId,
        reason: letter.text('reason', 100),
        error: letter.optionalText('error', LARGEST_BODY)?.slice(0, LONGEST_ERROR) ?? '',
        attempts: letter.wholeNumber('attempts'),
        failedAt: letter.text('failedAt', 64),
      }));
      const { contracts } = forEvents(context);
      return available(request, async () => {
        if (letters.length > 0) {
          const names = contracts.handledBy(pluginId);
          const kept = letters.filter((letter) => hub.store.keepDeadLetter(letter, names));
          await hub.store.flush();
          for (const { reason } of kept) context.metrics.eventGivenUp(pluginId, reason);
        }
        const { lost, open } = hub.settle(pluginId, stream, settled);
        context.metrics.eventsSettled(pluginId, settled.length - lost.length);
        if (open || (settled.length > 0 && lost.length < settled.length)) return answer({ lost, open });
        throw new GatewayError(
          'event-stream-lost',
          'the stream has ended, and what it was given is delivered again: open another one',
        );
      });
    });

    api.post('/context', { onRequest, bodyLimit: LARGEST_BODY }, async (request) => {
      const body = membersOf(request.body);
      const asked = { event: body.text('event', 200), context: body.text('context', LONGEST_CONTEXT) };
      const { contracts, config } = forEvents(context);
      const rules = { contracts, contexts: context.contexts, overdue: config.events.retention };
      return answer(await exchangeContext(asked, callerOf(request).pluginId, rules));
    });
  });

  // A HEAD would open a stream that nobody reads.
  app.get('/events/stream', { onRequest, exposeHeadRoute: false }, async (request, reply) => {
    const { contracts } = forEvents(context);
    const { pluginId } = callerOf(request);
    const readable = openStream(hubOf(context), {
      pluginId,
      handled: contracts.handledBy(pluginId),
      log: request.log,
      query: new URLSearchParams(request.raw.url?.split('?', 2)[1] ?? ''),
    });
    return reply
      .header('content-type', 'application/x-ndjson')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(readable);
  });

  app.get('/events/transport', { onRequest }, async () =>
    answer(transportInWords(context.deployment().config.events)),
  );

  app.get('/events/lag', { onRequest }, async (request) => {
    const { pluginId } = callerOf(request);
    return answer(hubOf(context).store.lag(pluginId, forEvents(context).contracts.handledBy(pluginId)));
  });

  async function publisherRequired(
    request: FastifyRequest,
    reply: Parameters<typeof onRequest>[1],
  ): Promise<void> {
    if (await context.isPlatform(request.headers.authorization)) {
      request.publisher = { kind: 'platform' };
      return;
    }
    await onRequest(request, reply);
    const { pluginId, tenant } = callerOf(request);
    const { config } = forEvents(context);
    const actAsTenants = config.upstreams.get(pluginId)?.actAsTenants ?? [];
    request.publisher = { kind: 'plugin', pluginId, tenant, actAsTenants };
  }
}

function forEvents(context: GatewayContext) {
  const { config, events: contracts } = context.deployment();
  return { config, contracts };
}

/**
 * Where events are published: in the gateway's own store or, for the platform, which has no transport of its own, wherever
 * events travel here.
 *
 * @returns tells for each event whether it is new; Kafka does not know, and consumers tell by its id
 * @throws GatewayError `events-elsewhere`, `event-not-declared`; what it returns throws `events-unavailable`
 */
function publishingOf(
  context: GatewayContext,
  publisher: Publisher,
): (events: readonly StoredEvent[]) => Promise<readonly boolean[]> {
  const { config, contracts } = forEvents(context);
  if (config.events.transport.kind === 'embedded' || publisher.kind !== 'platform') {
    const hub = hubOf(context);
    return (events) => hub.publish(events);
  }
  if (!contracts.any) throw nobodyListens();
  return async (events) => {
    try {
      await context.platformEvents.publish(events.map(eventOf));
    } catch (cause) {
      throw new GatewayError(
        'events-unavailable',
        'events cannot be published now: Kafka does not take them',
        {
          headers: { 'retry-after': '1' },
          cause,
        },
      );
    }
    return events.map(() => true);
  };
}

/** @throws GatewayError `events-elsewhere`, `event-not-declared` */
function hubOf(context: GatewayContext): EventHub {
  const { hub } = context.events;
  if (hub !== undefined) return hub;
  const { transport } = context.deployment().config.events;
  if (transport.kind === 'kafka') {
    throw new GatewayError(
      'events-elsewhere',
      'events go through Kafka here, and not through the gateway: GET /events/transport says where that is',
    );
  }
  throw nobodyListens();
}

function nobodyListens(): GatewayError {
  return new GatewayError(
    'event-not-declared',
    'no plugin of the route table subscribes to any event: add one to "events.subscribes" of a plugin.json, run ' +
      '`plexica build`, and deploy the result with the gateway',
  );
}

/** What was accepted is an event: it was read as one. */
function eventOf({ body }: StoredEvent): DomainEvent {
  const event = domainEventOf(JSON.parse(body));
  if (typeof event === 'string') throw new Error(`an accepted event is none: ${event}`);
  return event;
}

function callerOf({ caller }: FastifyRequest): PluginCaller {
  if (caller?.kind === 'plugin') return caller;
  throw new Error('this endpoint is for plugins, and its hook lets nobody else in');
}

const STORE_FAILED: ReadonlySet<string> = new Set(['ERR_SQLITE_ERROR', 'ENOSPC', 'EIO', 'EDQUOT', 'EROFS']);

/** What the file of events cannot do now is no bug of anybody's. */
async function available<Result>({ log }: FastifyRequest, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || !STORE_FAILED.has(String(cause.code))) throw cause;
    log.error({ error: describeError(cause) }, 'events cannot be kept');
    throw new GatewayError(
      'events-unavailable',
      'events cannot be kept now: the log of the gateway says why',
      {
        headers: { 'retry-after': '1' },
        cause,
      },
    );
  }
}
