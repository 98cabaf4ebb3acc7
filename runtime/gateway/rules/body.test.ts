import { expect, it } from 'vitest';
import { checkBody, hasBody } from './body.ts';

it.each([
  ['POST', [], false],
  ['POST', ['Content-Length', '0'], false],
  ['POST', ['content-length', '1'], true],
  ['POST', ['Transfer-Encoding', 'chunked'], true],
])('%s with %j has a body: %s', (method, rawHeaders, expected) => {
  expect(hasBody({ rawHeaders })).toBe(expected);
  checkBody({ method, rawHeaders }, 10);
});

it.each([
  ['GET', ['content-length', '1'], 'body-not-allowed'],
  ['HEAD', ['transfer-encoding', 'chunked'], 'body-not-allowed'],
  ['POST', ['content-length', '11'], 'body-too-large'],
])('%s with %j is refused: %s', (method, rawHeaders, code) => {
  expect(() => checkBody({ method, rawHeaders }, 10)).toThrow(expect.objectContaining({ code }));
});

it('takes a GET whose body is empty', () => {
  checkBody({ method: 'GET', rawHeaders: ['content-length', '0'] }, 10);
});
