import type { IncomingHttpHeaders } from 'node:http';
import httpProxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { limitsOf } from '../limits/isolation.ts';
import { observeRequest, type RequestObservation } from '../observability/observe-request.ts';
import { answerHeaders, type HeaderRecord } from '../rules/answer-headers.ts';
import { checkBodySchema } from '../validation/check-body.ts';
import type { KeepBody } from '../validation/read-body.ts';
import { admitRequest } from './admit-request.ts';
import { brokenAnswer } from './broken-answer.ts';
import { callUpstream, type UpstreamCall, type UpstreamDone } from './call-upstream.ts';
import { keepSmallBody } from './keep-small-body.ts';
import { requestHeadOf } from './request-head-of.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when a request may go to a plugin; null before, and for the gateway's own endpoints. */
    upstreamCall: ProxiedCall | null;
    /** Of a request that may go to a plugin; null for the gateway's own endpoints. */
    observation: RequestObservation | null;
  }
}

interface ProxiedCall extends UpstreamCall {
  /** Answers the client with an error. The proxy would do so too, and write a line with a stack for each. */
  fail(error: GatewayError): void;
}

/** Under this key a call travels from the route to `dispatch`: @fastify/http-proxy hands headers through unread. */
const CALL = Symbol('upstream call');

/** Methods that a manifest can declare, and HEAD. Others never match; the not-found handler says so. */
const METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/**
 * Carries what no endpoint of the gateway's own answers to the plugins, with @fastify/http-proxy: it streams the
 * bodies and writes the answer, `admitRequest` decides, and `callUpstream` makes the call. Address, path and headers
 * come from the admission alone; the proxy's own reading of the URL is not used.
 */
export function registerProxy(app: FastifyInstance, context: GatewayContext): void {
  app.decorateRequest('upstreamCall', null);
  app.decorateRequest('observation', null);
  app.register(async (scope) => {
    // Fastify reads text/plain by itself; here every body passes unread.
    scope.removeAllContentTypeParsers();
    // The server's own handler, which answers, comes next.
    scope.setErrorHandler((error, request, reply) => {
      throw brokenAnswer(error, request, reply);
    });
    scope.register(httpProxy, options);
  });

  const options: FastifyHttpProxyOptions = {
    prefix: BASE_PATH,
    upstream: '',
    httpMethods: METHODS,
    disableRequestLogging: true,
    internalRewriteLocationHeader: false,
    preRewrite: (_url, _params, prefix) => prefix,
    async preHandler(request, reply) {
      const head = requestHeadOf(request);
      const observation = observeRequest(context, head, reply.raw);
      request.observation = observation;
      const admission = await admitRequest(context, head, observation);
      reply.headers(admission.answerHeaders);
      const { deployment, route, tenant } = admission;
      const keep: KeepBody = (refuse) => {
        const kept = context.bodyMemory.begin(route.pluginId, refuse);
        reply.raw.once('close', kept.release);
        return kept;
      };
      const body =
        (await checkBodySchema(admission, request.raw, keep)) ??
        (await keepSmallBody(admission, request.raw, keep));
      const limits = limitsOf(deployment.config, route.pluginId);
      await context.isolation.enter(route.pluginId, limits, tenant?.tenantId, reply.raw);
      request.upstreamCall = {
        admission,
        request: request.raw,
        response: reply.raw,
        observation,
        body,
        instance: undefined,
        fail: (error) => void reply.send(error),
      };
    },
    replyOptions: {
      getUpstream: () => 'http://plugin.invalid',
      // Without this an answer of 503 would be asked for ten times more.
      retryDelay: () => null,
      // A record of headers with a symbol beside them: the type knows no symbols.
      rewriteRequestHeaders: (request) => ({ [CALL]: request.upstreamCall }) as IncomingHttpHeaders,
      rewriteHeaders: (headers, request) => answerHeadersFor(headers, request),
      onError(reply, { error }) {
        reply.send(error.cause instanceof GatewayError ? error.cause : error);
      },
    },
    // The type asks for all overloads of undici's `request`; the proxy calls this one.
    undici: { request: dispatch as unknown as Dispatcher['request'] },
  };

  function dispatch(
    options: { readonly headers: { readonly [CALL]?: ProxiedCall } },
    done: UpstreamDone,
  ): void {
    const call = options.headers[CALL];
    if (call === undefined) throw new Error('a request came to the proxy that was not admitted');
    callUpstream(call, context, (error, answer) => (error === null ? done(null, answer) : call.fail(error)));
  }
}

function answerHeadersFor(
  headers: HeaderRecord,
  request: Pick<FastifyRequest, 'upstreamCall'> | undefined,
): IncomingHttpHeaders {
  const call = request?.upstreamCall;
  if (call?.instance === undefined) return {};
  const { route, answerHeaders: own } = call.admission;
  return { ...answerHeaders(headers, route.pluginId, call.instance.baseUrl), ...own };
}
