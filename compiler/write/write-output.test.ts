import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskHost } from '../host/disk-host.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeOutput } from './write-output.ts';

const A = { path: 'a.json', text: '{}\n' };
const B = { path: 'clients/b.ts', text: '// b\n' };

describe('writeOutput', () => {
  it('writes files and lists them, sorted, with their digests', async () => {
    const folder = await temporaryFolder();
    const { value, diagnostics } = await write(folder, [B, A]);

    expect(diagnostics).toEqual([]);
    expect(value).toEqual({ written: 2, unchanged: 0, removed: 0 });
    expect(await readFile(join(folder, 'out/clients/b.ts'), 'utf8')).toBe('// b\n');
    const listing = JSON.parse(await readFile(join(folder, 'out/.files.json'), 'utf8'));
    expect(Object.entries(listing.files)).toEqual([
      ['a.json', 'sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356'],
      ['clients/b.ts', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    ]);
  });

  it('does not touch what is right already', async () => {
    const folder = await temporaryFolder();
    await write(folder, [A, B]);
    const paths = ['out/a.json', 'out/clients/b.ts', 'out/.files.json'].map((path) => join(folder, path));
    const past = new Date('2020-01-01T00:00:00Z');
    for (const path of paths) await utimes(path, past, past);

    expect((await write(folder, [A, B])).value).toEqual({ written: 0, unchanged: 2, removed: 0 });
    for (const path of paths) expect((await stat(path)).mtime).toEqual(past);
  });

  it('repairs a file that was edited by hand', async () => {
    const folder = await temporaryFolder();
    await write(folder, [A]);
    await writeFile(join(folder, 'out/a.json'), 'edited');

    expect((await write(folder, [A])).value.written).toBe(1);
    expect(await readFile(join(folder, 'out/a.json'), 'utf8')).toBe(A.text);
  });

  it('removes what it wrote before, and the folder that is left empty', async () => {
    const folder = await temporaryFolder();
    await write(folder, [A, B]);

    expect((await write(folder, [A])).value).toEqual({ written: 0, unchanged: 1, removed: 1 });
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['.files.json', 'a.json']);
  });

  it('removes nothing that a person put there', async () => {
    const folder = await temporaryFolder({ 'out/package.json': '{}', 'out/clients/mine.ts': '// mine' });
    await write(folder, [A, B]);
    await writeFile(join(folder, 'out/clients/b.ts'), '// now mine too');

    expect((await write(folder, [A])).value.removed).toBe(0);
    expect((await readdir(join(folder, 'out/clients'))).sort()).toEqual(['b.ts', 'mine.ts']);
    expect(await readdir(join(folder, 'out'))).toContain('package.json');
  });

  it('trusts no listing that leads out of the folder', async () => {
    const digest = 'sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356';
    const folder = await temporaryFolder({
      'mine.json': '{}\n',
      'out/.files.json': { files: { '../mine.json': digest, '/etc/x': digest, 'a/../../mine.json': digest } },
    });

    expect((await write(folder, [A])).value.removed).toBe(0);
    expect(await readFile(join(folder, 'mine.json'), 'utf8')).toBe('{}\n');
  });

  it.each(['', 'null', '{"files": 5}', '{"files": {"a.json": 5}}', '\u0000'])(
    'starts afresh from the damaged listing %j',
    async (listing) => {
      const folder = await temporaryFolder({ 'out/.files.json': listing });

      expect(await write(folder, [A])).toMatchObject({ value: { written: 1, removed: 0 }, diagnostics: [] });
    },
  );

  it('refuses a folder that leads elsewhere', async () => {
    const folder = await temporaryFolder({ 'elsewhere/keep': '' });
    await mkdir(join(folder, 'out'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'out/clients'));

    expect((await write(folder, [A, B])).diagnostics).toMatchObject([
      {
        kind: { code: 'PLX1201' },
        message: 'out/clients is a symbolic link that leads out of the output folder',
      },
    ]);
    expect(await readdir(join(folder, 'elsewhere'))).toEqual(['keep']);
    expect(await readdir(join(folder, 'out'))).toEqual(['clients']);
  });

  it('says that a folder is in the place of a file', async () => {
    const folder = await temporaryFolder({ 'out/a.json/inside': '' });

    expect((await write(folder, [A, B])).diagnostics).toMatchObject([
      { message: 'out/a.json cannot be written: a folder of that name is in its place' },
    ]);
    expect(await readdir(join(folder, 'out'))).not.toContain('.files.json');
  });

  it('says that a file is in the place of a folder', async () => {
    const folder = await temporaryFolder({ 'out/clients': '' });

    expect((await write(folder, [B])).diagnostics).toMatchObject([
      { message: 'out/clients/b.ts cannot be written: a file is in the place of its folder' },
    ]);
  });

  it.each([
    ['EACCES', 'its folder forbids it'],
    ['EROFS', 'the disk is read-only'],
    ['ENOSPC', 'the disk is full'],
    ['EIO', 'the system says EIO'],
  ])('says why the system refuses: %s', async (code, reason) => {
    const folder = await temporaryFolder();
    const host = {
      ...diskHost(folder, {}),
      writeFileAtomic: () => Promise.reject(Object.assign(new Error(code), { code })),
    };
    const { diagnostics } = await writeOutput(host, join(folder, 'out'), [A]);

    expect(diagnostics).toMatchObject([
      { kind: { code: 'PLX1201' }, message: `out/a.json cannot be written: ${reason}` },
    ]);
  });

  it.each(['../a', '/a', 'a//b', 'a/./b', 'a\\b', '', 'a/', '.files.json', 'a\u0000b'])(
    'never writes an emitter’s path %j',
    async (path) => {
      const folder = await temporaryFolder();

      await expect(write(folder, [{ path, text: '' }])).rejects.toThrow('an emitter made the path');
    },
  );

  it('never writes two files where one disk sees one', async () => {
    const folder = await temporaryFolder();

    await expect(write(folder, [A, { path: 'A.json', text: '' }])).rejects.toThrow(
      'two emitters made the path',
    );
  });
});

function write(folder: string, files: Parameters<typeof writeOutput>[2]) {
  return writeOutput(diskHost(folder, {}), join(folder, 'out'), files);
}
