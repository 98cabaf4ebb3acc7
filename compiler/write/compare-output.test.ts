import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskHost } from '../host/disk-host.ts';
import { listFindings } from '../testing/list-findings.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { compareOutput } from './compare-output.ts';
import type { OutputFile } from './output-path.ts';
import { writeOutput } from './write-output.ts';

const A = { path: 'a.json', text: '{\n  "a": 1\n}\n' };
const B = { path: 'b.json', text: '{}\n' };

describe('compareOutput', () => {
  it('finds nothing right after a build', async () => {
    expect(await compare([A, B])).toEqual([]);
  });

  it('points at the first difference of a file', async () => {
    expect(await compare([A, B], (out) => writeFile(join(out, 'a.json'), '{\n  "a": 2\n}\n'))).toEqual([
      'PLX1202 2:8 2: out/a.json is not what the manifests say',
    ]);
  });

  it('finds a missing file', async () => {
    expect(await compare([A, B], (out) => rm(join(out, 'b.json')))).toEqual([
      'PLX1202 1:1 : out/b.json is missing',
    ]);
  });

  it('finds a file that nothing asks for any more, and not one that a person put there', async () => {
    const findings = await compare([A], (out) => writeFile(join(out, 'mine.json'), ''), [A, B]);

    expect(findings).toEqual(['PLX1202 1:1 : out/b.json comes from a manifest that no longer asks for it']);
  });

  it('finds all differences at once', async () => {
    const changed = [
      { ...A, text: '{}\n' },
      { path: 'c.json', text: '' },
    ];

    expect(await compare(changed, undefined, [A, B])).toHaveLength(3);
  });

  it('gives one finding for a folder that was never built', async () => {
    const folder = await temporaryFolder();
    const { diagnostics } = await compareOutput(diskHost(folder, {}), join(folder, 'out'), [A, B]);

    expect(listFindings(diagnostics)).toEqual(['PLX1202 1:1 : out has not been built']);
  });

  it('finds a listing that is gone', async () => {
    expect(await compare([A, B], (out) => rm(join(out, '.files.json')))).toEqual([
      'PLX1202 1:1 : out/.files.json is missing',
    ]);
  });

  it('says when only the line ends differ', async () => {
    const folder = await temporaryFolder();
    const host = diskHost(folder, {});
    await writeOutput(host, folder, [A]);
    await writeFile(join(folder, 'a.json'), A.text.replaceAll('\n', '\r\n'));

    const { diagnostics } = await compareOutput(host, folder, [A]);
    expect(diagnostics[0]?.notes?.[0]).toContain('only the line ends differ');
  });
});

/** Builds `before`, lets a person change the folder, and compares it with `wanted`. */
async function compare(
  wanted: readonly OutputFile[],
  change: (out: string) => Promise<void> = async () => {},
  before = wanted,
): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  const out = join(folder, 'out');
  const host = diskHost(folder, {});
  await writeOutput(host, out, before);
  await change(out);
  return listFindings((await compareOutput(host, out, wanted)).diagnostics);
}
