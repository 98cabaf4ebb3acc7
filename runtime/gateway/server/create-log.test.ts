import { describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { createLog, describeError } from './create-log.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';

function linesOf(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const destination = {
    write(line: string) {
      text += line;
    },
  };
  write(createLog(destination, 'trace'));
  return text;
}

it.each([
  [{ authorization: `Bearer ${JWT}` }],
  [
    {
      headers: { authorization: 'Bearer abcdefgh', cookie: 'sid=abcdefgh', 'x-plexica-context': 'abcdefgh' },
    },
  ],
  [{ token: 'abcdefgh' }],
  [{ redis: { password: 'abcdefgh' } }],
  [{ error: { message: `the key of ${JWT} is unknown` } }],
  [{ note: 'sent Bearer abcdefgh' }],
  [{ reason: 'connect http://10.0.0.7:3100/abcdefgh' }],
  [{ reason: 'redis://user:abcdefgh@cache.example:6379/0 is down' }],
])('%j is written without its secret', (fields) => {
  const text = linesOf((log) => log.info(fields, 'a line'));
  expect(JSON.parse(text)).toMatchObject({ msg: 'a line' });
  expect(text).not.toMatch(/abcdefgh|c2lnbmF0dXJl|10\.0\.0\.7|cache\.example/);
});

it('messages are scrubbed as well, and stay lines of JSON', () => {
  const text = linesOf((log) =>
    log.child({ requestId: JWT }).warn(`saw ${JWT} at "https://idp.example/x"\n!`),
  );
  expect(JSON.parse(text)).toMatchObject({ requestId: '(token)', msg: 'saw (token) at "(address)"\n!' });
});

describe('describeError', () => {
  it('tells of an error of the network no more than its code', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:3100'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '10.0.0.7',
    });
    expect(describeError(error)).toEqual({ type: 'Error', code: 'ECONNREFUSED' });
    expect(describeError(new Error('outer', { cause: error }))).toMatchObject({
      message: 'outer',
      cause: { type: 'Error', code: 'ECONNREFUSED' },
    });
  });

  it('tells where a bug is, and of a disk that is full no more than that', () => {
    expect(describeError(new TypeError('x is not a function'))).toMatchObject({
      stack: expect.stringContaining('create-log.test.ts'),
    });
    const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
    expect(describeError(full)).toEqual({
      type: 'Error',
      code: 'ERR_SQLITE_ERROR',
      message: 'database or disk is full',
    });
  });

  it('takes what is no error', () => {
    expect([describeError('text'), describeError(undefined)]).toEqual([
      { type: 'string' },
      { type: 'undefined' },
    ]);
  });
});

it('a level that is none is a reason not to start', () => {
  expect(() => createLog({ write: () => undefined }, 'loud')).toThrow(SetupError);
});
