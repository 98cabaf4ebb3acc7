import { TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { createJournal } from '../instances/testing/journal.ts';
import { createSpanExport } from './span-export.ts';
import { accept, startCollector } from './testing/start-collector.ts';

it('what a collector does not take in time is dropped, so that memory has a bound', async () => {
  const collector = await startCollector();
  const held: (() => void)[] = [];
  collector.answer = (request, response) => void held.push(() => accept(request, response));
  const counts = { done: 0, failed: 0, dropped: 0 };
  const exported = (spans: number, outcome: keyof typeof counts) => {
    counts[outcome] += spans;
  };
  const provider = new TracerProvider({
    spanProcessors: [createSpanExport(collector.url, { exported }, createJournal().log)],
  });
  const tracer = provider.getTracer('test');
  for (let index = 0; index < 10_000; index += 1) tracer.startSpan('one').end();
  expect(counts).toEqual({ done: 0, failed: 0, dropped: 10_000 - 4_096 });

  // The collector is back: all that waited is taken, and there is room again.
  const closing = provider.forceFlush();
  const releasing = setInterval(() => {
    collector.answer = accept;
    for (const release of held.splice(0)) release();
  }, 20);
  await closing;
  clearInterval(releasing);
  tracer.startSpan('one more').end();
  await provider.shutdown();
  expect(counts).toEqual({ done: 4_097, failed: 0, dropped: 10_000 - 4_096 });
  await collector.close();
});
