import { describe, expect, it } from 'vitest';
import { type CheckOutcome, isUnsettled, NOT_YET_CHECKED, nextHealth } from './health-state.ts';

const well: CheckOutcome = { kind: 'well' };
const slow: CheckOutcome = { kind: 'impaired', reason: 'slow' };
const error: CheckOutcome = { kind: 'failed', reason: 'answered 500', gone: false };
const unasked: CheckOutcome = { kind: 'not-asked', reason: 'no more files' };
const refused: CheckOutcome = { kind: 'failed', reason: 'connection refused', gone: true };

describe('nextHealth', () => {
  it.each<[string, CheckOutcome[], string[]]>([
    ['one good check brings a new instance in', [well], ['HEALTHY']],
    ['an impaired one too', [slow], ['DEGRADED']],
    [
      'a new instance that fails is out, and its first good check brings it in',
      [error, well],
      ['UNAVAILABLE', 'HEALTHY'],
    ],
    [
      'nothing listens yet, then it starts',
      [refused, refused, well],
      ['UNAVAILABLE', 'UNAVAILABLE', 'HEALTHY'],
    ],
    [
      '`fall` failures take it out',
      [well, error, error, error],
      ['HEALTHY', 'HEALTHY', 'HEALTHY', 'UNAVAILABLE'],
    ],
    [
      'a good check between starts the count again',
      [well, error, error, well, error, error],
      ['HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY'],
    ],
    ['a refused connection takes it out at once', [well, refused], ['HEALTHY', 'UNAVAILABLE']],
    [
      'after a fall, `rise` good checks bring it back',
      [well, refused, well, well],
      ['HEALTHY', 'UNAVAILABLE', 'UNAVAILABLE', 'HEALTHY'],
    ],
    [
      'a failure while coming back starts the count again',
      [well, refused, well, error, well, well],
      ['HEALTHY', 'UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE', 'HEALTHY'],
    ],
    [
      'it can come back impaired',
      [well, refused, slow, slow],
      ['HEALTHY', 'UNAVAILABLE', 'UNAVAILABLE', 'DEGRADED'],
    ],
    [
      'one that could not be asked goes on, and what was counted stands',
      [well, error, error, unasked, error],
      ['HEALTHY', 'HEALTHY', 'HEALTHY', 'DEGRADED', 'UNAVAILABLE'],
    ],
    ['nobody comes in unasked', [unasked, refused, unasked], ['UNKNOWN', 'UNAVAILABLE', 'UNAVAILABLE']],
    ['asked again, it is what it was', [well, unasked, well], ['HEALTHY', 'DEGRADED', 'HEALTHY']],
    ['impaired and well again, at once', [well, slow, well], ['HEALTHY', 'DEGRADED', 'HEALTHY']],
    ['an impaired one stays impaired while failures are counted', [slow, error], ['DEGRADED', 'DEGRADED']],
  ])('%s', (_name, outcomes, states) => {
    let health = NOT_YET_CHECKED;
    const seen = outcomes.map((outcome) => {
      health = nextHealth(health, outcome, { rise: 2, fall: 3 });
      return health.state;
    });
    expect(seen).toEqual(states);
  });

  it('says why it is out, and how far it is on the way back', () => {
    const out = nextHealth(nextHealth(NOT_YET_CHECKED, well, { rise: 2, fall: 3 }), refused, {
      rise: 2,
      fall: 3,
    });
    expect(out.reason).toBe('connection refused');
    expect(nextHealth(out, well, { rise: 2, fall: 3 }).reason).toBe('coming back: 1 of 2 good checks');
  });
});

it('an instance that is out, or about to change, is unsettled', () => {
  const thresholds = { rise: 2, fall: 3 };
  const healthy = nextHealth(NOT_YET_CHECKED, well, thresholds);
  expect(isUnsettled(NOT_YET_CHECKED)).toBe(true);
  expect(isUnsettled(healthy)).toBe(false);
  expect(isUnsettled(nextHealth(healthy, slow, thresholds))).toBe(false);
  expect(isUnsettled(nextHealth(healthy, error, thresholds))).toBe(true);
  expect(isUnsettled(nextHealth(healthy, refused, thresholds))).toBe(true);
});
