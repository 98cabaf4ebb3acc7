import { expect, it } from 'vitest';
import { clientPosition, continueTrace, formatTraceparent, parseTraceparent } from './traceparent.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const TRACE = `00-${TRACE_ID}-${SPAN_ID}-01`;

it.each<[string | undefined, boolean | undefined]>([
  [TRACE, true],
  [`00-${TRACE_ID}-${SPAN_ID}-00`, false],
  // The other flags say nothing about recording.
  [`00-${TRACE_ID}-${SPAN_ID}-02`, false],
  [`00-${TRACE_ID}-${SPAN_ID}-03`, true],
  // Of a later version the part that this one knows.
  [`cc-${TRACE_ID}-${SPAN_ID}-01-what-comes-later`, true],
  [`cc-${TRACE_ID}-${SPAN_ID}-01`, true],
  [`cc-${TRACE_ID}-${SPAN_ID}-01.later`, undefined],
  [`${TRACE}-more`, undefined],
  [TRACE.toUpperCase(), undefined],
  [TRACE.replace('00-', 'ff-'), undefined],
  [`00-${'0'.repeat(32)}-${SPAN_ID}-01`, undefined],
  [`00-${TRACE_ID}-${'0'.repeat(16)}-01`, undefined],
  [`${TRACE} `, undefined],
  [`${TRACE}\n`, undefined],
  ['', undefined],
  [undefined, undefined],
])('%s: sampled %s', (value, sampled) => {
  const expected = sampled === undefined ? undefined : { traceId: TRACE_ID, spanId: SPAN_ID, sampled };
  expect(parseTraceparent(value)).toEqual(expected);
});

it('a position is written as it was read', () => {
  const position = parseTraceparent(TRACE);
  expect(position && formatTraceparent(position)).toBe(TRACE);
});

it('a client with more than one traceparent stands nowhere', () => {
  expect(clientPosition(['Traceparent', TRACE])?.traceId).toBe(TRACE_ID);
  expect(clientPosition(['traceparent', TRACE, 'traceparent', TRACE])).toBeUndefined();
});

it('a trace goes on, or begins', () => {
  const fresh = () => 'ab'.repeat(24);
  expect(continueTrace(['traceparent', TRACE], fresh)).toEqual({
    traceId: TRACE_ID,
    traceparent: TRACE,
    continued: true,
  });
  expect(continueTrace(['traceparent', 'x'], fresh)).toEqual({
    traceId: 'ab'.repeat(16),
    traceparent: `00-${'ab'.repeat(16)}-${'ab'.repeat(8)}-01`,
    continued: false,
  });
});
