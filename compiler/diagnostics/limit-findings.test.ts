import { expect, it } from 'vitest';
import { diagnostic, type Severity } from './diagnostic.ts';
import { limitFindings } from './limit-findings.ts';

const finding = (path: string, severity: Severity) =>
  diagnostic(
    { code: 'PLX1', name: 'n', severity },
    { at: { file: { path, text: '' }, start: 0, end: 0 }, message: 'm' },
  );

it('tells the first hundred of each file and severity, and counts the rest', () => {
  const many = Array.from({ length: 102 }, () => finding('a', 'warning'));
  const told = limitFindings([...many, finding('a', 'error'), finding('b', 'warning')]);

  expect(told).toHaveLength(102);
  expect(told[98]?.notes).toBeUndefined();
  expect(told[99]?.notes).toEqual(['2 more warnings in this file not shown']);
  expect(told.slice(100).map(({ kind, at }) => [kind.severity, at.file.path])).toEqual([
    ['error', 'a'],
    ['warning', 'b'],
  ]);
});

it('changes nothing where there are few', () => {
  const few = Array.from({ length: 100 }, () => finding('a', 'error'));

  expect(limitFindings(few)).toEqual(few);
});
