import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../errors.ts';
import type { Instance } from '../instances/instance.ts';
import type { Instances } from '../instances/instances.ts';
import { unavailable } from '../rules/availability.ts';
import type { Admission } from './admit-request.ts';
import { limitBody } from './limit-body.ts';
import { outcomeOf, upstreamError, upstreamTimeout } from './upstream-error.ts';

/** One request of a client, and where it goes. */
export interface UpstreamCall {
  readonly admission: Admission;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Who got the request last; undefined before anybody did. */
  instance: Instance | undefined;
}

export type UpstreamDone = (error: GatewayError | null, answer?: Dispatcher.ResponseData) => void;

/**
 * Calls the chosen instance, on its own connections. Bodies stream; a client that goes away aborts the call, before
 * and after the answer began; a plugin that takes too long is told so to the client. Nothing is tried twice.
 *
 * @param done called once; every error is one that the client may see
 */
export function callUpstream(upstreamCall: UpstreamCall, instances: Instances, done: UpstreamDone): void {
  const { admission, request, response } = upstreamCall;
  const { route, timeout } = admission;
  const instance = instances.choose(route.pluginId);
  upstreamCall.instance = instance;
  if (instance === undefined) {
    const { reasons } = instances.healthOf(route.pluginId);
    done(unavailable(route.pluginId, reasons, admission.deployment.config.health.interval));
    return;
  }
  const call = new AbortController();
  const clientGone = () => call.abort(new GatewayError('client-gone', 'the client went away'));
  if (response.closed) {
    done(new GatewayError('client-gone', 'the client went away'));
    return;
  }
  response.once('close', clientGone);

  let body: Transform | null = null;
  // Runs while the plugin has something to do: it starts anew with every piece of the request's body.
  const timer = setTimeout(() => call.abort(tooSlow(request, body, route.pluginId, timeout)), timeout);
  if (admission.hasBody) body = limitBody(request, admission.maxBody, () => timer.refresh());

  const options: Dispatcher.RequestOptions = {
    // The matcher knows no other methods than undici does.
    method: request.method as Dispatcher.HttpMethod,
    path: `${instance.basePath}${admission.target}`,
    headers: admission.headers,
    body,
    headersTimeout: 0,
    bodyTimeout: timeout,
    signal: call.signal,
  };
  instance.dispatcher.request(options, (error, answer) => {
    clearTimeout(timer);
    const failure =
      error === null ? implausible(answer, route.pluginId) : upstreamError(error, route.pluginId, timeout);
    if (failure === undefined) {
      instances.observe(instance, { kind: 'answered', status: answer.statusCode });
      done(null, answer);
      return;
    }
    response.off('close', clientGone);
    const outcome = outcomeOf(failure);
    if (outcome !== undefined) instances.observe(instance, outcome);
    done(failure);
  });
}

/** Whose fault it is that nothing happens: a client that sends nothing more, or a plugin that reads or answers nothing. */
function tooSlow(
  request: IncomingMessage,
  body: Transform | null,
  pluginId: string,
  timeout: number,
): GatewayError {
  const clientIsSlow = body !== null && !request.complete && body.readableLength === 0;
  return clientIsSlow
    ? new GatewayError('request-timeout', `no more of the body came within ${timeout} ms`)
    : upstreamTimeout(pluginId, timeout);
}

/** A status that no client could be given. */
function implausible(answer: Dispatcher.ResponseData, pluginId: string): GatewayError | undefined {
  if (answer.statusCode >= 200 && answer.statusCode <= 599) return undefined;
  answer.body.on('error', () => undefined).destroy();
  return new GatewayError('upstream-failed', `${pluginId} answered with a status that is none`);
}
