import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PHASES = ['load', 'parse', 'validate', 'link', 'check', 'emit', 'write'];

/** Files below `from` may not import what `to` matches: a folder of the repository or a package's name. */
interface Ban {
  readonly from: string;
  readonly to: RegExp;
  readonly reason: string;
}

const BANS: readonly Ban[] = [
  {
    from: 'compiler',
    to: /^(runtime\/|@plexica\/(gateway|sdk|event-bus|generated))/,
    reason: 'the compiler and the runtime meet in routes.json alone',
  },
  {
    from: 'runtime',
    to: /^(compiler\/|@plexica\/compiler)/,
    reason: 'a deployment that only serves carries no compiler',
  },
  {
    from: 'runtime',
    to: /^(generated\/|@plexica\/generated)/,
    reason: 'what was generated for one workspace is no part of what serves them all',
  },
  {
    from: 'plugins',
    to: /^(compiler\/|runtime\/|@plexica\/(compiler|gateway))/,
    reason: 'a plugin is a server of its own; it meets the gateway over HTTP',
  },
  {
    from: 'runtime/sdk',
    to: /^(runtime\/gateway|@plexica\/gateway|fastify)/,
    reason: 'plugins must not pull in the gateway',
  },
  {
    from: 'runtime/event-bus',
    to: /^(runtime\/gateway|@plexica\/gateway|fastify)/,
    reason: 'plugins and the gateway both import it',
  },
  {
    from: 'runtime/event-bus/delivery',
    to: /^runtime\/event-bus\/transports\/(?!transport\.ts)/,
    reason: 'what happens to a message is the same on every transport',
  },
  {
    from: 'schemas',
    to: /^(compiler\/|runtime\/|@plexica\/)/,
    reason: 'the schemas are the ground that everything stands on',
  },
  {
    from: 'generated',
    to: /^(?!generated\/|@plexica\/(event-bus|sdk|types)$)/,
    reason: 'generated code depends on what its users have installed, and nothing else',
  },
  {
    from: 'runtime/gateway/rules',
    to: /^(fastify|@fastify\/(?!proxy-addr$)|undici|runtime\/gateway\/(proxy|websocket|api|events|hooks|server))/,
    reason: 'rules are plain functions that any carrier can call',
  },
  {
    from: 'compiler/ir',
    to: new RegExp(`^compiler/(${PHASES.join('|')}|diagnostics|host|commands)/`),
    reason: 'the types are what the phases share; they know no phase',
  },
  {
    from: 'compiler/diagnostics',
    to: new RegExp(`^compiler/(${PHASES.join('|')}|host|commands)/`),
    reason: 'diagnostics serve every phase and know none',
  },
  ...PHASES.map((phase) => ({
    from: `compiler/${phase}`,
    to: new RegExp(`^compiler/(${PHASES.filter((other) => other !== phase).join('|')}|commands)/`),
    reason: 'a phase sees its input, not its siblings; compile.ts alone sees them all',
  })),
];

describe('imports', () => {
  it.each(BANS)('$from does not import $to: $reason', ({ from, to }) => {
    const imports = sourcesBelow(from).flatMap((file) => importsOf(file).map((target) => ({ file, target })));

    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter(({ target }) => to.test(target))).toEqual([]);
  });

  it('keeps disk and environment behind the compiler’s host', () => {
    const offenders = sourcesBelow('compiler').filter(
      (file) =>
        !/^compiler\/(host|commands|bin|testing)\/|^compiler\/(cli|catalogue)\.ts$/.test(file) &&
        (importsOf(file).some((target) => /^node:(fs|os|child_process|process)/.test(target)) ||
          /process\.(env|cwd)/.test(readFileSync(join(ROOT, file), 'utf8'))),
    );

    expect(offenders).toEqual([]);
  });
});

/** Source files below a folder of the repository, tests left out, relative to its root. */
function sourcesBelow(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`, {
    cwd: ROOT,
    exclude: ['**/node_modules/**', '**/dist/**', '**/testing/**', '**/golden/**'],
  })
    .filter((file) => !file.endsWith('.test.ts') && file !== 'schemas/generate.ts')
    .sort();
}

/** What a file imports: packages by name, files relative to the repository's root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  // At the beginning of a line, or of a call: what stands elsewhere may be text that an emitter prints.
  const statements = text.matchAll(/^(?:import|export)\b[^;'"]*'([^']+)';$/gm);
  const calls = text.matchAll(/ import\('([^']+)'\)/g);
  const specifiers = [...statements, ...calls].map(([, specifier = '']) => specifier);
  return specifiers
    .filter((specifier) => specifier !== '')
    .map((specifier) =>
      specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), specifier)) : specifier,
    );
}
