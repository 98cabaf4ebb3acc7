import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { FastifyBaseLogger } from 'fastify';
import { BASE_PATH } from '../base-path.ts';
import type { TelemetryConfig } from '../config/gateway-config.ts';
import type { ErrorCode } from '../errors.ts';
import type { RequestHead } from '../rules/request-head.ts';
import { clientPosition, formatTraceparent } from '../rules/traceparent.ts';
import { gatewayVersion } from './build-info.ts';
import type { Metrics } from './metrics.ts';
import { callerLabel, type RequestNotes } from './request-notes.ts';
import { createSpanExport } from './span-export.ts';
import { type AttemptTrace, type RequestTrace, type Tracing, unrecorded } from './tracing.ts';

/** How long the last spans may take, in milliseconds. */
const CLOSE_GRACE = 2_000;

/**
 * A span for each request, and one below it for each call of an instance, as the semantic conventions for HTTP say. They
 * hold ids of the table, the tenant's id and the request's: no user, no path, no query, no address.
 */
export function createOtlpTracing(
  telemetry: TelemetryConfig,
  metrics: Pick<Metrics, 'exported'>,
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': telemetry.serviceName,
        'service.version': gatewayVersion(),
      }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(telemetry.sample) }),
    spanProcessors: [createSpanExport(telemetry.otlp, metrics, log)],
  });
  const tracer = provider.getTracer('@plexica/gateway');

  return {
    begin: beginRequest,
    async close() {
      const lateness = Promise.withResolvers<void>();
      const timer = setTimeout(lateness.resolve, CLOSE_GRACE);
      // A collector that does not take them has been complained about.
      await Promise.race([provider.shutdown().catch(() => undefined), lateness.promise]);
      clearTimeout(timer);
    },
  };

  function beginRequest({ method, rawHeaders, protocol }: RequestHead): RequestTrace {
    const client = clientPosition(rawHeaders);
    const { traceId, spanId, sampled } = client ?? {};
    const parent =
      traceId === undefined || spanId === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId,
            spanId,
            traceFlags: Number(sampled),
            isRemote: true,
          });
    const span = tracer.startSpan(
      method,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': method, 'url.scheme': protocol },
      },
      parent,
    );
    const traceparent = headerOf(span);
    const within = trace.setSpan(parent, span);
    return {
      traceId: span.spanContext().traceId,
      traceparent,
      continued: client !== undefined,
      attempt(notes, instanceId, retries) {
        if (!span.isRecording()) return unrecorded(traceparent);
        const options = { kind: SpanKind.CLIENT, attributes: attemptAttributes(notes, instanceId, retries) };
        return recordAttempt(tracer.startSpan(notes.route?.endpoint ?? method, options, within));
      },
      end: (notes, status, refusal) => endRequest(span, notes, status, refusal),
    };
  }
}

function headerOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, sampled: traceFlags !== 0 });
}

function endRequest(span: Span, notes: RequestNotes, status: number, refusal: ErrorCode | undefined): void {
  if (!span.isRecording()) return;
  const { route, caller, tenant, method, requestId } = notes;
  if (route !== undefined) {
    const pattern = `${BASE_PATH}/${route.pluginId}${route.route.path}`;
    span.updateName(`${method} ${pattern}`);
    span.setAttributes({ 'http.route': pattern, 'plexica.plugin': route.pluginId });
  }
  span.setAttributes({ 'plexica.caller': callerLabel(caller), 'plexica.request_id': requestId });
  if (tenant !== undefined) span.setAttribute('plexica.tenant', tenant.tenantId);
  setOutcome(span, status, refusal, 500);
  span.end();
}

function attemptAttributes({ method, route }: RequestNotes, instanceId: string, retries: number) {
  return {
    'http.request.method': method,
    'plexica.instance': instanceId,
    ...(route === undefined ? {} : { 'plexica.plugin': route.pluginId }),
    ...(retries === 0 ? {} : { 'http.request.resend_count': retries }),
  };
}

function recordAttempt(span: Span): AttemptTrace {
  return {
    traceparent: headerOf(span),
    answered(status) {
      if (!span.isRecording()) return;
      setOutcome(span, status, undefined, 400);
      span.end();
    },
    failed(code) {
      if (!span.isRecording()) return;
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** @param worst the lowest status that is an error at this end: a client's mistakes are no errors of a server */
function setOutcome(span: Span, status: number, refusal: ErrorCode | undefined, worst: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status < worst) return;
  span.setAttribute('error.type', refusal ?? String(status));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
