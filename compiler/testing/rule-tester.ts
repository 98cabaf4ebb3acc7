import { describe, expect, it } from 'vitest';
import { checkProgram } from '../check/check-program.ts';
import type { Rule } from '../check/rule.ts';
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts';
import type { Span } from '../ir/source.ts';
import { type Mark, readMarks } from './marked-text.ts';
import { type ProgramOptions, programOf } from './program-of.ts';

/** A workspace in which every rule is silent. */
export interface SilentCase {
  readonly name: string;
  /** Manifests, whose path is `plugins/<id>/plugin.json`; or files by path. */
  readonly files: readonly string[] | Readonly<Record<string, string>>;
  readonly options?: ProgramOptions;
}

/**
 * A workspace in which the rule fires, and no other one. In its files `⟦…⟧` marks where a finding points, and `⟨…⟩` what
 * the findings relate to.
 */
export interface FiringCase extends SilentCase {
  /** In the order in which they are told: by path, then place. */
  readonly findings: readonly ExpectedFinding[];
}

export interface ExpectedFinding {
  readonly message: string;
  readonly label?: string;
  readonly help?: string;
  readonly notes?: readonly string[];
}

export interface RuleTable {
  readonly silent: readonly SilentCase[];
  readonly fires: readonly FiringCase[];
}

/** The text of a small manifest: id, name, version, then what the test is about. */
export function manifest(id: string, rest = ''): string {
  const separator = rest === '' ? '' : ',\n  ';
  return `{\n  "id": "${id}", "name": "A plugin", "version": "1.0.0"${separator}${rest.trim()}\n}\n`;
}

/** Tests a rule with all other rules running, so that one cause is seen to give one finding. */
export function testRule(rule: Rule, { silent, fires }: RuleTable): void {
  describe(rule.name, () => {
    it.each(silent)('is silent: $name', (silentCase) => {
      expect(run(silentCase).diagnostics.map(told)).toEqual([]);
    });

    it.each(fires)('fires: $name', (firingCase) => {
      const { diagnostics, primary, related } = run(firingCase);
      expect(diagnostics.map(({ kind, message }) => ({ rule: kind.name, message }))).toEqual(
        firingCase.findings.map(({ message }) => ({ rule: rule.name, message })),
      );
      expect(diagnostics.map(({ at }) => placeOf(at))).toEqual(primary);
      const relatedSpans = diagnostics.flatMap((each) => (each.related ?? []).map(({ at }) => placeOf(at)));
      expect([...new Set(relatedSpans)].sort()).toEqual([...related].sort());
      for (const [index, expected] of firingCase.findings.entries()) {
        expect(diagnostics[index]).toMatchObject(expected);
      }
    });
  });
}

function run({ files, options = {} }: SilentCase) {
  const texts = new Map<string, string>();
  const primary: string[] = [];
  const related: string[] = [];
  const take = (path: string, marked: string) => {
    const read = readMarks(marked);
    primary.push(...read.primary.map((mark) => show(path, read.text, mark)));
    related.push(...read.related.map((mark) => show(path, read.text, mark)));
    return read.text;
  };
  const inOrder = Object.entries(byPath(files)).sort(([a], [b]) => (a < b ? -1 : 1));
  // plexica.yaml comes before the folder of the plugins.
  const { workspace } = options;
  const workspaceText = typeof workspace === 'string' ? take('plexica.yaml', workspace) : workspace;
  for (const [path, marked] of inOrder) texts.set(path, take(path, marked));
  const program = programOf(Object.fromEntries(texts), {
    ...options,
    ...(workspaceText !== undefined && { workspace: workspaceText }),
  });
  return { diagnostics: sortDiagnostics(checkProgram(program)), primary, related };
}

function byPath(files: SilentCase['files']): Readonly<Record<string, string>> {
  if (!isList(files)) return files;
  return Object.fromEntries(files.map((text) => [`plugins/${idIn(text)}/plugin.json`, text]));
}

function isList(files: SilentCase['files']): files is readonly string[] {
  return Array.isArray(files);
}

function idIn(text: string): string {
  return /"id": *"([^"]*)"/.exec(text.replace(/[⟦⟧⟨⟩]/g, ''))?.[1] ?? 'nameless';
}

function told({ kind, message, at }: Diagnostic): string {
  return `${placeOf(at)} ${kind.name}: ${message}`;
}

function placeOf({ file, start, end }: Span): string {
  return show(file.path, file.text, { start, end });
}

function show(path: string, text: string, { start, end }: Mark): string {
  return `${path} ${start} ${text.slice(start, end)}`;
}
