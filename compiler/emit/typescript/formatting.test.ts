import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { exportTypes } from './imports.ts';
import { hardLine, join as joined, type Layout, printLayout } from './layout.ts';
import { printConstant } from './literal.ts';
import { printMembers } from './print-type.ts';
import { reference } from './type-node.ts';
import { typeOfSchema } from './type-of-schema.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

const odd = fc.constantFrom(
  "it's",
  '"',
  '`',
  '$' + '{x}',
  '\\',
  '\n',
  '\u2028',
  '中文',
  'é',
  '*/',
  '@x',
  'biome-ignore x',
  '😀',
);
const text = fc
  .array(fc.oneof(odd, fc.string({ maxLength: 30 }), fc.constant('word '.repeat(20))), { maxLength: 4 })
  .map((parts) => parts.join(' '));
const key = fc.oneof({ weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,25}[0-9]?$/) }, text);
const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,12}$/);
const scalar = fc.oneof(text, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    scalar,
    fc.array(fc.integer(), { maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));

const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<object>({ type: 'string' }, { type: 'integer' }, { type: ['string', 'null'] }, {}),
    fc.record({ $ref: name }),
    fc.record({ enum: fc.array(scalar, { minLength: 1, maxLength: 8 }) }),
    fc.record({ const: value }),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({
      type: fc.constant('array'),
      minItems: fc.constant(2),
      prefixItems: fc.tuple(tie('schema'), tie('schema')),
      items: fc.oneof(fc.constant(false), tie('schema')),
    }),
    fc.record(
      {
        type: fc.constantFrom('object', ['object', 'null']),
        description: text,
        deprecated: fc.boolean(),
        properties: fc.dictionary(key, tie('schema'), { maxKeys: 4 }),
        required: fc.array(key, { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

it('prints what the formatter of the repository would print', { timeout: 60_000 }, () => {
  const { status, output } = check(sampleFile());
  expect(output).toContain('Checked 1 file');
  expect(status, output).toBe(0);
});

/** Some of everything that is printed. The seed is fixed: it is the same sample every time. */
function sampleFile(): string {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number) =>
    fc.sample(arbitrary, { numRuns, seed: 1 });
  const constants = sample(fc.dictionary(key, value, { maxKeys: 5 }), 300).map((each, index) =>
    printConstant(`export const constant${index} = `, each, ' as const;'),
  );
  const types = sample(schema, 300).map((each, index): Layout => {
    const type = typeOfSchema(each, { values: 'sent', typeOfReference: (ref) => reference(`all.${ref}`) });
    const members = [true, false].map((optional) => ({ name: optional ? 'may' : 'must', optional, type }));
    return [`export interface Type${index} `, printMembers(members)];
  });
  const names = [...new Set(sample(name, 200))];
  const head = ["import type * as all from './all.ts';", exportTypes(names, './names.ts')];
  return `${printLayout(joined([hardLine, hardLine], [...head, ...constants, ...types]))}\n`;
}

function check(source: string): { status: number | null; output: string } {
  // Below the repository, so that its settings hold.
  mkdirSync(join(REPOSITORY, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, '.cache/formatting-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'sample.ts');
  writeFileSync(file, source);
  const { status, stdout, stderr } = spawnSync(
    'biome',
    ['check', '--vcs-enabled=false', '--error-on-warnings', '--max-diagnostics=5', file],
    { cwd: REPOSITORY, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}
