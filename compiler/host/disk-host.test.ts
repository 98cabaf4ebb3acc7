import { execFileSync } from 'node:child_process';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { diskHost } from './disk-host.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it('reads a file, or the start of one', async () => {
  const folder = await temporaryFolder({ 'a.txt': '0123456789' });
  const host = diskHost(folder, {});

  expect(text(await host.readFile(join(folder, 'a.txt')))).toBe('0123456789');
  expect(text(await host.readFile(join(folder, 'a.txt'), 4))).toBe('0123');
});

it('refuses what is no regular file, and does not wait for a pipe', async () => {
  const folder = await temporaryFolder();
  const host = diskHost(folder, {});
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);

  await expect(host.readFile(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(host.readFile(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'EINVAL' });
  await expect(host.readFile('/dev/zero')).rejects.toMatchObject({ code: 'EINVAL' });
  await expect(host.readFile(join(folder, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('finds files by globs, in order, without node_modules', async () => {
  const folder = await temporaryFolder({
    'plugins/b/plugin.json': '',
    'plugins/B/plugin.json': '',
    'plugins/a/plugin.json': '',
    'plugins/a/node_modules/x/plugin.json': '',
    'plugins/a/other.json': '',
  });
  const found = await diskHost(folder, {}).glob(folder, ['plugins/**/plugin.json', '!plugins/b/*']);

  expect(found).toEqual(['plugins/B/plugin.json', 'plugins/a/plugin.json'].map((path) => join(folder, path)));
});

it('leaves no draft behind, whether writing works or not', async () => {
  const folder = await temporaryFolder({ 'taken/inside': '' });
  const host = diskHost(folder, {});
  await host.writeFileAtomic(join(folder, 'deep/er/a.txt'), 'a');
  await expect(host.writeFileAtomic(join(folder, 'taken'), 'b')).rejects.toThrow();

  expect(await readFile(join(folder, 'deep/er/a.txt'), 'utf8')).toBe('a');
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    'deep',
    'deep/er',
    'deep/er/a.txt',
    'taken',
    'taken/inside',
  ]);
});

it('removes a file and the folders that it leaves empty', async () => {
  const folder = await temporaryFolder({ 'a/b/c.txt': '', 'a/d.txt': '' });
  const host = diskHost(folder, {});
  await host.removeFile(join(folder, 'a/b/c.txt'));
  await host.removeFile(join(folder, 'absent'));

  expect(await host.listFiles(folder)).toEqual(['a/d.txt']);
  expect(await readdir(join(folder, 'a'))).toEqual(['d.txt']);
  expect(await host.listFiles(join(folder, 'absent'))).toEqual([]);
});

it('resolves symbolic links', async () => {
  const folder = await temporaryFolder({ 'real/a.txt': '' });
  await symlink(join(folder, 'real'), join(folder, 'link'));

  expect(await diskHost(folder, {}).realPath(join(folder, 'link/a.txt'))).toBe(join(folder, 'real/a.txt'));
});
