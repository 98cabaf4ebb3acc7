import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortDiagnostics } from '../diagnostics/diagnostic.ts';
import type { Program } from '../ir/program.ts';
import { anyManifest } from '../testing/any-manifest.ts';
import { programOf } from '../testing/program-of.ts';
import { readWorkspace } from '../testing/read-workspace.ts';
import { checkProgram } from './check-program.ts';

const REPOSITORY = new URL('../../', import.meta.url);

describe('checkProgram', () => {
  it('finds in the example plugins that one of them has no address, and nothing else', () => {
    const upstreams = {
      'plugin-crm': { urls: ['http://127.0.0.1:3100'] },
      'plugin-analytics': { urls: ['http://127.0.0.1:3200'] },
    };
    const program = programOf(readWorkspace(REPOSITORY), {
      workspace: { plugins: ['plugins/*/plugin.json'], upstreams },
    });

    expect(
      checkProgram(program).map(({ kind, message }) => `${kind.severity} ${kind.name}: ${message}`),
    ).toEqual([
      'warning no-upstream: plugin "sample-analytics" has a backend, but plexica.yaml does not say where it is',
    ]);
  });

  it('never throws, and points into the files, for whatever the schema of manifests accepts', () => {
    fc.assert(
      fc.property(fc.array(anyManifest, { maxLength: 4 }), schemaFiles(), (manifests, files) => {
        const program = programOf({ ...files, ...inFolders(manifests) });
        for (const { at, related = [], message } of checkProgram(program)) {
          expect(message).not.toMatch(/undefined|\[object|\n/);
          for (const { file, start, end } of [at, ...related.map((each) => each.at)]) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(file.text.length);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('finds the same in whatever order manifests come', () => {
    fc.assert(
      fc.property(fc.array(anyManifest, { minLength: 2, maxLength: 4 }), (manifests) => {
        const files = Object.entries(inFolders(manifests));
        const forwards = programOf(Object.fromEntries(files));
        const backwards = programOf(Object.fromEntries(files.reverse()));
        expect(findings(backwards)).toEqual(findings(forwards));
      }),
      { numRuns: 50 },
    );
  });
});

function inFolders(manifests: readonly object[]): Record<string, object> {
  return Object.fromEntries(manifests.map((manifest, index) => [`plugins/${index}/plugin.json`, manifest]));
}

/** Files that the references of the manifests may name, in cycles too. */
function schemaFiles() {
  const content = fc.constantFrom<object>(
    { type: 'string' },
    { items: { $ref: './a.json' } },
    { $ref: '#/schemas/A' },
    [],
  );
  return content.map((file) => ({ 'plugins/0/a.json': file }));
}

function findings(program: Program): string[] {
  return sortDiagnostics(checkProgram(program)).map(({ at, message, help, related = [] }) =>
    JSON.stringify([
      at.file.path,
      at.start,
      message,
      help,
      related.map((each) => [each.at.file.path, each.at.start]),
    ]),
  );
}
