import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { camelCase } from '../ir/identifiers.ts';
import { exampleProgram, readExamplePage } from '../testing/example-program.ts';
import { checkProgram } from './check-program.ts';
import { rules } from './rules.ts';

const folder = new URL('rules/', import.meta.url);

describe('rules', () => {
  it('consist of a rule, a page and a test each', () => {
    const expected = rules.flatMap(({ name }) => [`${name}.md`, `${name}.test.ts`, `${name}.ts`]);
    expect(readdirSync(folder).sort()).toEqual(expected.sort());
  });

  it('have codes and names of their own, in the order of the codes', () => {
    const codes = rules.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });

  describe.each(rules.map((rule) => ({ name: rule.name, rule })))('$name', ({ rule }) => {
    const page = readExamplePage(readFileSync(new URL(`${rule.name}.md`, folder), 'utf8'));

    it('has a code of this phase', () => {
      expect(rule.code).toMatch(/^PLX(30|40)\d\d$/);
    });

    it('is exported under its name', async () => {
      const module: Record<string, unknown> = await import(new URL(`${rule.name}.ts`, folder).href);
      expect(module[camelCase(rule.name)]).toBe(rule);
    });

    it('has a page of the common form', () => {
      expect(page.title).toBe(`${rule.code} ${rule.name}`);
      expect(page.headings).toEqual(['Why', 'Wrong', 'Right', 'How to fix']);
      for (const heading of page.headings) expect(page.section(heading)).not.toBe('');
    });

    it('fires, and no other rule, on what its page calls wrong', () => {
      const names = checkProgram(exampleProgram(page.section('Wrong'))).map(({ kind }) => kind.name);
      expect(new Set(names)).toEqual(new Set([rule.name]));
    });

    it('is silent, as all rules are, on what its page calls right', () => {
      expect(checkProgram(exampleProgram(page.section('Right'))).map(({ message }) => message)).toEqual([]);
    });
  });
});
