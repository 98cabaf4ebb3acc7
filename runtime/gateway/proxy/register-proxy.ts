import type { IncomingHttpHeaders } from 'node:http';
import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { answerHeaders, type HeaderRecord } from '../rules/answer-headers.ts';
import { type Admission, admitRequest } from './admit-request.ts';
import { callUpstream, type UpstreamCall, type UpstreamDone } from './call-upstream.ts';
import { requestHead } from './request-head-of.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when a request may go to a plugin; null before, and for the gateway's own endpoints. */
    admission: Admission | null;
  }
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
  app.decorateRequest('admission', null);
  app.register(httpProxy, {
    prefix: BASE_PATH,
    upstream: '',
    httpMethods: METHODS,
    disableRequestLogging: true,
    internalRewriteLocationHeader: false,
    // The path is the admission's.
    preRewrite: (_url, _params, prefix) => prefix ?? BASE_PATH,
    async preHandler(request) {
      request.admission = await admitRequest(context, requestHead(request));
    },
    replyOptions: {
      getUpstream: () => 'http://plugin.invalid',
      // Without this an answer of 503 would be asked for ten times more.
      retryDelay: () => null,
      rewriteRequestHeaders: (request) => ({ [CALL]: callOf(request) }) as IncomingHttpHeaders,
      rewriteHeaders: (headers, request) => answerHeadersFor(headers, request),
      onError(reply, { error }) {
        reply.send(error.cause instanceof GatewayError ? error.cause : error);
      },
    },
    // The type asks for all of undici's overloads; the proxy calls this one.
    undici: { request: dispatch as Dispatcher['request'] },
  });

  function dispatch(options: { readonly headers: object }, done: UpstreamDone): void {
    callUpstream((options.headers as { [CALL]: UpstreamCall })[CALL], context.instances, done);
  }
}

function callOf(request: FastifyRequest): UpstreamCall {
  const { admission, raw } = request;
  if (admission === null) throw new Error('a request came to the proxy without admission');
  return { admission, request: raw, response: request.admissionReply };
}

function answerHeadersFor(headers: HeaderRecord, request: FastifyRequest | undefined): IncomingHttpHeaders {
  const admission = request?.admission;
  if (admission == null) return {};
  return answerHeaders(headers, admission.route.pluginId, admission.instance.baseUrl);
}
