import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Attempt } from '../instances/attempt.ts';
import type { Instance } from '../instances/instance.ts';
import type { RequestObservation } from '../observability/observe-request.ts';
import type { AttemptTrace } from '../observability/tracing.ts';
import { unavailable } from '../rules/availability.ts';
import { withTraceparent } from '../rules/traceparent.ts';
import { SilenceTimer } from '../silence-timer.ts';
import type { Admission } from './admit-request.ts';
import { type LimitedBody, limitBody } from './limit-body.ts';
import { isIdempotent, nextAttempt } from './next-attempt.ts';
import {
  outcomeOf,
  outcomeOfBody,
  reasonOf,
  type UpstreamFailure,
  upstreamFailure,
  upstreamTimeout,
} from './upstream-error.ts';
import { watchAnswer } from './watch-answer.ts';
import { withoutBody } from './without-body.ts';

/** One request of a client, and where it goes. */
export interface UpstreamCall {
  readonly admission: Admission;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly observation: RequestObservation;
  /** Who got the request last; undefined before anybody did. */
  instance: Instance | undefined;
  /** A body that was read and checked; it may be sent again. Without it, the request's own streams. */
  readonly body: Buffer | undefined;
}

export type UpstreamDone = (error: GatewayError | null, answer?: Dispatcher.ResponseData) => void;

type CallContext = Pick<GatewayContext, 'instances' | 'metrics'>;

/** Interim answers (103 and the like) go nowhere; a plugin that sends more of them is not going to answer. */
const MOST_INTERIM = 100;

/**
 * Calls an instance, on its own connections. Bodies stream; a client that goes away aborts the call, before and after
 * the answer began; a plugin that takes too long is told so to the client. What fails before its answer began is tried
 * again where `nextAttempt` says so: the limit of time holds for all attempts together.
 *
 * @param done called once; every error is one that the client may see
 */
export function callUpstream(call: UpstreamCall, context: CallContext, done: UpstreamDone): void {
  const { admission, response } = call;
  const { pluginId } = admission.route;
  if (response.closed) {
    done(clientGone());
    return;
  }
  const attempt = context.instances.begin(pluginId);
  if (attempt === undefined) {
    done(noInstance(context, pluginId));
    return;
  }
  new Exchange(call, context, done).send(attempt);
}

/** A call from its first attempt to the end of its answer. A class, because every request makes one. */
class Exchange {
  readonly #call: UpstreamCall;
  readonly #context: CallContext;
  readonly #done: UpstreamDone;
  readonly #stop = new AbortController();
  /** Runs while the plugin has something to do: it starts anew with every piece of both bodies. */
  readonly #timer: SilenceTimer;
  #attempt: Attempt | undefined;
  #trace: AttemptTrace | undefined;
  #body: LimitedBody | undefined;
  #tried: readonly Instance[] = [];
  #fresh = false;
  #repeated = false;
  #interim = 0;
  /** Goes up with every sending, and at the end of all: what a former one still says is not heard. */
  #sendings = 0;
  #settled = false;
  #judgeSilence = (): GatewayError | undefined => this.#tooSlow();

  constructor(call: UpstreamCall, context: CallContext, done: UpstreamDone) {
    this.#call = call;
    this.#context = context;
    this.#done = done;
    this.#timer = new SilenceTimer(call.admission.timeout, () => this.#onSilence());
    call.response.once('close', () => this.#onClose());
  }

  send(attempt: Attempt, dispatcher: Dispatcher = attempt.instance.dispatcher): void {
    const { admission, request, body, observation } = this.#call;
    const trace = observation.attempt(attempt.instance.id);
    this.#attempt = attempt;
    this.#trace = trace;
    this.#call.instance = attempt.instance;
    this.#sendings += 1;
    const sending = this.#sendings;
    this.#body =
      admission.hasBody && body === undefined
        ? limitBody(request, admission.maxBody, () => this.#timer.refresh())
        : undefined;
    const options: Dispatcher.RequestOptions = {
      // The matcher knows no other methods than undici does.
      method: request.method as Dispatcher.HttpMethod,
      path: `${attempt.instance.basePath}${admission.target}`,
      headers: withTraceparent(admission.headers, trace.traceparent),
      body: body ?? this.#body ?? null,
      // Both are kept here: undici does not know whose fault a silence is, and an answer may be a stream of events.
      headersTimeout: 0,
      bodyTimeout: 0,
      signal: this.#stop.signal,
      onInfo: ({ statusCode }) => this.#onInterim(statusCode),
    };
    dispatcher.request(options, (error, answer) => {
      const stale = sending !== this.#sendings;
      if (error === null) stale ? discard(answer) : this.#onAnswer(attempt, answer);
      else if (!stale) this.#onFailure(upstreamFailure(error, this.#pluginId, this.#timeout), error);
    });
  }

  get #pluginId(): string {
    return this.#call.admission.route.pluginId;
  }

  get #timeout(): number {
    return this.#call.admission.timeout;
  }

  #onAnswer(attempt: Attempt, received: Dispatcher.ResponseData): void {
    if (received.statusCode < 200 || received.statusCode > 599) {
      discard(received);
      const error = new GatewayError(
        'upstream-failed',
        `${this.#pluginId} answered with a status that is none`,
      );
      this.#onFailure({ error, outcome: { kind: 'broken' }, connection: undefined });
      return;
    }
    const answer = received.statusCode === 304 ? withoutBody(received) : received;
    attempt.observe({ kind: 'answered', status: answer.statusCode });
    this.#trace?.answered(answer.statusCode);
    answer.body.once('error', (error) => {
      const outcome = outcomeOfBody(error);
      if (outcome !== undefined) attempt.observe(outcome);
    });
    const patience = {
      pluginId: this.#pluginId,
      plugin: this.#timeout,
      // The way to the client is not the plugin's: a limit that is short for its sake says nothing about it.
      client: Math.max(this.#timeout, this.#call.admission.deployment.config.timeout),
    };
    const refresh = () => this.#timer.refresh();
    this.#judgeSilence = watchAnswer(answer, this.#call.response, patience, refresh);
    refresh();
    this.#settled = true;
    this.#done(null, answer);
  }

  #onFailure(failure: UpstreamFailure, cause?: Error): void {
    this.#trace?.failed(failure.error.code);
    const next = nextAttempt(failure, {
      repeatable:
        this.#body === undefined && isIdempotent(this.#call.request.method, this.#call.admission.route.route),
      bodyBegun: this.#body?.begun === true,
      fresh: this.#fresh,
      repeated: this.#repeated,
    });
    if (next === 'fresh' && this.#attempt !== undefined) {
      // Nothing is said about the instance yet: this attempt goes on.
      this.#fresh = true;
      this.#context.metrics.retried(this.#pluginId, true);
      this.send(this.#attempt, this.#attempt.instance.freshConnections);
      return;
    }
    if (failure.outcome !== undefined) this.#attempt?.observe(failure.outcome);
    const another = next === 'another-instance' ? this.#another(failure) : undefined;
    this.#attempt?.end();
    if (another !== undefined) {
      this.#fresh = false;
      this.send(another);
      return;
    }
    this.#fail(failure.connection === 'never-made' ? this.#notReached(failure, cause) : failure.error);
  }

  /** An attempt at an instance that has not had the request; whether the plugin may have had it is what must be paid for. */
  #another({ connection }: UpstreamFailure): Attempt | undefined {
    const { instances, metrics } = this.#context;
    if (this.#attempt !== undefined) this.#tried = [...this.#tried, this.#attempt.instance];
    if (instances.choose(this.#pluginId, this.#tried) === undefined) return undefined;
    const allowed = connection === 'never-made' || instances.mayRetry(this.#pluginId);
    metrics.retried(this.#pluginId, allowed);
    if (connection !== 'never-made') this.#repeated = true;
    return allowed ? instances.begin(this.#pluginId, this.#tried) : undefined;
  }

  /** Nothing was sent, and there is nobody else: the client may come again. */
  #notReached({ error }: UpstreamFailure, cause: unknown): GatewayError {
    if (error.code !== 'upstream-failed') return error;
    return noInstance(this.#context, this.#pluginId, [reasonOf(cause)]);
  }

  #onInterim(status: number): void {
    this.#interim += 1;
    const why =
      status === 101
        ? 'it changed the protocol unasked'
        : this.#interim > MOST_INTERIM && 'it only announces that it will';
    if (why !== false)
      this.#end(new GatewayError('upstream-failed', `${this.#pluginId} did not answer: ${why}`));
  }

  #onSilence(): void {
    const reason = this.#judgeSilence();
    if (reason === undefined) this.#timer.refresh();
    else this.#end(reason);
  }

  /** Whose fault it is that nothing happens: a client that sends nothing more, or a plugin that reads or answers nothing. */
  #tooSlow(): GatewayError {
    const body = this.#body;
    const clientIsSlow = body?.begun === true && !this.#call.request.complete && body.readableLength === 0;
    return clientIsSlow
      ? new GatewayError('request-timeout', `no more of the body came within ${this.#timeout} ms`)
      : upstreamTimeout(this.#pluginId, this.#timeout);
  }

  #onClose(): void {
    this.#timer.stop();
    if (!this.#call.response.writableFinished) this.#end(clientGone());
    this.#attempt?.end();
  }

  /** Ends the call, or its answer, from here. */
  #end(reason: GatewayError): void {
    this.#stop.abort(reason);
    if (this.#settled) {
      if (reason.code === 'client-gone') this.#call.response.destroy();
      return;
    }
    const outcome = outcomeOf(reason);
    if (outcome !== undefined) this.#attempt?.observe(outcome);
    this.#attempt?.end();
    this.#fail(reason);
  }

  #fail(error: GatewayError): void {
    this.#trace?.failed(error.code);
    this.#timer.stop();
    this.#sendings += 1;
    this.#settled = true;
    this.#done(error);
  }
}

function noInstance(
  { instances }: CallContext,
  pluginId: string,
  reasons = instances.healthOf(pluginId).reasons,
): GatewayError {
  return unavailable(pluginId, reasons, instances.retryAfter(pluginId));
}

function clientGone(): GatewayError {
  return new GatewayError('client-gone', 'the client went away');
}

/** An answer that nobody wants. */
function discard(answer: Dispatcher.ResponseData): void {
  answer.body.on('error', () => undefined).destroy();
}
