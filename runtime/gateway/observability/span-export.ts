import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { FastifyBaseLogger } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Spans that may wait or be on their way; what comes on top is dropped. */
const MOST_SPANS = 4_096;
const BATCH = 512;
/** Milliseconds. */
const DELAY = 1_000;
const EXPORT_TIMEOUT = 5_000;

/**
 * Sends spans to a collector, in batches, beside the requests: whatever the collector does, no request waits for it, and
 * memory is bounded. An outage is logged when it begins and when it ends, in words without the collector's address.
 */
export function createSpanExport(
  otlp: URL,
  metrics: Pick<Metrics, 'exported'>,
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
): SpanProcessor {
  const exporter = new OTLPTraceExporter({ url: otlp.href, timeoutMillis: EXPORT_TIMEOUT });
  let waiting = 0;
  let failing = false;

  const watched: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        waiting -= spans.length;
        // The codes of ExportResult, whose package is not ours to import: 0 is success.
        const failed = result.code !== 0;
        metrics.exported(spans.length, failed ? 'failed' : 'done');
        if (failed && !failing) {
          const reason = reasonOf(result.error);
          log.warn(
            { reason },
            `spans cannot be exported: ${reason}; they are lost until the collector is back`,
          );
        }
        if (!failed && failing) log.info('spans are exported again');
        failing = failed;
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
  const batches = new BatchSpanProcessor({
    exporter: watched,
    maxQueueSize: MOST_SPANS,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: DELAY,
    exportTimeoutMillis: 2 * EXPORT_TIMEOUT,
  });

  return {
    onStart: (span, parent) => batches.onStart(span, parent),
    onEnd(span) {
      if (waiting >= MOST_SPANS) {
        metrics.exported(1, 'dropped');
        return;
      }
      waiting += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}

/** The code of an error of the network, or the status that the collector answered; messages could hold its address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the collector does not take them';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return `the collector answers ${code}`;
  if (typeof code === 'string') return `the collector cannot be reached (${code})`;
  return /timed? ?out/i.test(error.message)
    ? 'the collector does not answer in time'
    : 'the collector does not take them';
}
