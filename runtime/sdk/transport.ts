import type { OutgoingRequest } from './build-request.ts';
import { aborted, badAnswer, refused, timedOut, unreachable } from './call-failures.ts';
import { deadline } from './deadline.ts';
import type { Endpoint } from './endpoint.ts';
import { readBody, unwrap } from './read-answer.ts';
import { backOff, type RetryOptions, type RetryPolicy, retryPolicy } from './retry.ts';
import { ServiceCallError } from './service-call-error.ts';
import type { Timing } from './timing.ts';

/** What one call may be told beside its input. */
export interface CallOptions {
  /** Gives the call up; it rejects with code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** How long the call may take in all, retries included, in milliseconds; then it rejects with code `timeout`. */
  readonly timeoutMs?: number | undefined;
  /** Only idempotent endpoints are retried, whatever this says. */
  readonly retry?: RetryOptions | false | undefined;
}

export interface TransportOptions {
  readonly gatewayUrl: string;
  readonly token: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly retry: RetryOptions | false | undefined;
  readonly fetch: typeof fetch;
  readonly timing: Timing;
}

/** Sends requests to the gateway, in the plugin's own name. */
export interface Transport {
  readonly gatewayUrl: string;
  readonly timing: Timing;
  /** Uses this token from now on; undefined goes back to the one that the client was made with. */
  renewToken(token: string | undefined): void;
  /**
   * Asks an endpoint of the gateway's own, with the plugin's token of now, and hands the answer on as it is: for what
   * goes on for long. Once, and without a limit on time but the signal's.
   *
   * @param path below the gateway's base path
   */
  request(path: string, init?: RequestInit): Promise<Response>;
  /**
   * Sends one request and unwraps its answer.
   *
   * @throws ServiceCallError
   */
  send(endpoint: Endpoint, request: OutgoingRequest, options?: CallOptions): Promise<unknown>;
}

const BASE_PATH = '/api/plugin-gateway';
/** How long the gateway waits for a plugin unless a manifest or plexica.yaml says otherwise. */
const GATEWAY_TIMEOUT_MS = 30_000;
/** Ours is longer, so that the gateway's own answer arrives. */
const GRACE_MS = 1_000;
const RETRIED_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** An endpoint of the gateway itself, in the response envelope. */
export function gatewayEndpoint(
  method: Endpoint['method'],
  path: string,
  answer: Endpoint['answer'] = 'data',
): Endpoint {
  return { pluginId: '', service: 'gateway', method, path, answer, idempotent: method !== 'POST' };
}

export function transport(options: TransportOptions): Transport {
  const { gatewayUrl, timing } = options;
  let token = options.token;

  async function send(
    endpoint: Endpoint,
    request: OutgoingRequest,
    call: CallOptions = {},
  ): Promise<unknown> {
    const policy = retryPolicy(options.retry, call.retry);
    const timeoutMs =
      call.timeoutMs ?? options.timeoutMs ?? (endpoint.timeoutMs ?? GATEWAY_TIMEOUT_MS) + GRACE_MS;
    const limit = deadline(timeoutMs, call.signal);
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          limit.signal.throwIfAborted();
          return await attemptOnce(endpoint, request, limit.signal);
        } catch (error) {
          if (limit.expired) throw timedOut(endpoint, timeoutMs, error);
          if (limit.signal.aborted) throw aborted(endpoint, limit.signal.reason);
          const delay = delayBeforeRetry(endpoint, policy, attempt, error);
          if (delay === undefined) throw error;
          // What ends the wait is told apart at the top of the next turn.
          await timing.wait(delay, { signal: limit.signal }).catch(() => undefined);
        }
      }
    } finally {
      limit.release();
    }
  }

  async function attemptOnce(
    endpoint: Endpoint,
    request: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { response, text } = await exchange(endpoint, request, signal);
    const body = readBody(text);
    if (!response.ok) throw refused(endpoint, response, body, timing.now());
    const unwrapped = unwrap(endpoint.answer, body);
    if ('value' in unwrapped) return unwrapped.value;
    throw badAnswer(endpoint, response, body, unwrapped.wrong);
  }

  async function exchange(endpoint: Endpoint, request: OutgoingRequest, signal: AbortSignal) {
    try {
      const response = await options.fetch(`${gatewayUrl}${BASE_PATH}${request.path}`, {
        method: request.method,
        headers: {
          accept: 'application/json',
          ...request.headers,
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: request.body ?? null,
        redirect: 'manual',
        signal,
      });
      return { response, text: await response.text() };
    } catch (cause) {
      throw unreachable(endpoint, cause);
    }
  }

  return {
    gatewayUrl,
    timing,
    renewToken: (renewed) => {
      token = renewed ?? options.token;
    },
    request(path, init = {}) {
      const headers = new Headers(init.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      return options.fetch(`${gatewayUrl}${BASE_PATH}${path}`, { ...init, headers, redirect: 'manual' });
    },
    send,
  };

  /** Undefined where the call is not tried again. */
  function delayBeforeRetry(endpoint: Endpoint, policy: RetryPolicy, attempt: number, error: unknown) {
    if (!endpoint.idempotent || attempt >= policy.attempts || !mayPass(error)) return undefined;
    const asked = error.retryAfterMs ?? 0;
    return asked > policy.maxRetryAfterMs ? undefined : asked + backOff(policy, attempt, timing.random);
  }
}

function mayPass(error: unknown): error is ServiceCallError {
  if (!(error instanceof ServiceCallError)) return false;
  return error.code === 'network' || RETRIED_STATUS.has(error.status);
}
