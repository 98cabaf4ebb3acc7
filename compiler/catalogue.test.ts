import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, catalogue } from './catalogue.ts';
import { compile } from './compile.ts';
import { memoryHost } from './testing/memory-host.ts';

describe('catalogue', () => {
  it('gives every code and every name to one kind of finding', () => {
    expect(new Set(catalogue.map(({ code }) => code)).size).toBe(catalogue.length);
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  });

  it.each(catalogue)('explains $code $name', ({ code, name, explanation }) => {
    const text = readFileSync(explanation, 'utf8');

    expect(code).toMatch(/^PLX[1-59]\d{3}$/);
    expect(text.split('\n')[0]).toBe(`# ${code} ${name}`);
    expect(text).toMatch(/\n$/);
  });

  /** Kinds whose examples are whole files that the front of the compiler judges. */
  const judged = catalogue.filter(
    (entry) =>
      /\/(parse|validate|load)\//.test(entry.explanation.href) && exampleOf(entry).language !== undefined,
  );

  it('has examples to judge', () => {
    expect(judged.length).toBeGreaterThan(15);
  });

  it.each(judged)('$code is found in its wrong example, and not in its right one', async (entry) => {
    const { language, wrong, right } = exampleOf(entry);

    expect(await codesOf(language, wrong)).toContain(entry.code);
    expect(await codesOf(language, right)).not.toContain(entry.code);
  });
});

/** The first two code blocks of an explanation, where they are a manifest or a plexica.yaml. */
function exampleOf({ explanation }: CatalogueEntry) {
  const blocks = [...readFileSync(explanation, 'utf8').matchAll(/```(\w+)\n(.*?)\n?```/gs)];
  const [language, wrong = '', right = ''] = [blocks[0]?.[1], blocks[0]?.[2], blocks[1]?.[2]];
  return { language: language === 'json' || language === 'yaml' ? language : undefined, wrong, right };
}

async function codesOf(language: string | undefined, example: string): Promise<readonly string[]> {
  const good = { 'plexica.yaml': 'plugins: ["plugins/*/plugin.json"]', 'plugins/crm/plugin.json': '{}' };
  const host = memoryHost({
    files: {
      ...good,
      'plugins/crm/schemas/contact.json': '{}',
      [language === 'json' ? 'plugins/crm/plugin.json' : 'plexica.yaml']: example,
    },
  });
  return (await compile(host, { emit: false })).diagnostics.map(({ kind }) => kind.code);
}
