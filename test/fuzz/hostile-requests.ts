import fc from 'fast-check';
import { HOSTILE_BODY } from './hostile-body.ts';
import { type Credentials, hostileHeaders } from './hostile-headers.ts';
import { HOSTILE_LINE } from './hostile-line.ts';

/** One connection's bytes, in the pieces in which they are written. */
export interface HostileRequest {
  readonly pieces: readonly Buffer[];
}

/** Requests of every kind of wrong, written in pieces; many of them are nearly right. */
export function hostileRequests(credentials: Credentials): fc.Arbitrary<HostileRequest> {
  return fc
    .record({
      line: HOSTILE_LINE,
      version: fc.oneof(
        { weight: 40, arbitrary: fc.constant('HTTP/1.1') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/9', 'http/1.1', ''),
        },
      ),
      headers: hostileHeaders(credentials),
      body: HOSTILE_BODY,
      lineEnd: fc.oneof(
        { weight: 60, arbitrary: fc.constant('\r\n') },
        { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\r\n') },
      ),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
      twice: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
    })
    .map(
      ({
        line: [method, target],
        version,
        headers: [authorization, others, withHost],
        body,
        lineEnd,
        cuts,
        twice,
      }) => {
        const lines = [
          `${method} ${target} ${version}`,
          ...(withHost ? ['Host: gateway'] : []),
          ...authorization,
          ...others,
          ...body.lines,
        ];
        const one = Buffer.from(`${lines.join(lineEnd)}${lineEnd}${lineEnd}${body.bytes}`, 'latin1');
        return { pieces: cutAt(twice ? Buffer.concat([one, one]) : one, cuts) };
      },
    );
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [
    0,
    ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b),
    bytes.length,
  ];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}
