import { expect, it } from 'vitest';
import { diagnostic } from './diagnostic.ts';
import { formatJson } from './format-json.ts';

it('prints one object with places that count from 1', () => {
  const file = { path: 'plugins/crm/plugin.json', text: '{\n  "a": 1,\n  "a": 2\n}' };
  const kind = { code: 'PLX1103', name: 'duplicate-key', severity: 'error' } as const;
  const full = diagnostic(kind, {
    at: { file, start: 14, end: 17 },
    message: 'twice',
    label: 'again',
    related: [{ at: { file, start: 4, end: 7 }, label: 'first' }],
    notes: ['n'],
    help: 'remove it',
  });
  const bare = diagnostic(
    { ...kind, severity: 'warning' },
    { at: { file, start: 0, end: 22 }, message: 'm' },
  );

  expect(JSON.parse(formatJson([full, bare], 3))).toEqual({
    diagnostics: [
      {
        code: 'PLX1103',
        name: 'duplicate-key',
        severity: 'error',
        message: 'twice',
        file: 'plugins/crm/plugin.json',
        line: 3,
        column: 3,
        endLine: 3,
        endColumn: 6,
        label: 'again',
        related: [{ file: 'plugins/crm/plugin.json', line: 2, column: 3, label: 'first' }],
        notes: ['n'],
        help: 'remove it',
      },
      {
        code: 'PLX1103',
        name: 'duplicate-key',
        severity: 'warning',
        message: 'm',
        file: 'plugins/crm/plugin.json',
        line: 1,
        column: 1,
        endLine: 4,
        endColumn: 2,
        label: null,
        related: [],
        notes: [],
        help: null,
      },
    ],
    summary: { plugins: 3, errors: 1, warnings: 1 },
  });
});
