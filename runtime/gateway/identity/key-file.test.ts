import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { withLock } from './file-lock.ts';
import { changeKeyFile, createKeyFile, newKey, readKeyFile, type StoredKey } from './key-file.ts';

let folder: string;
let file: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-key-file-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  count += 1;
  file = join(folder, String(count), 'keys.json');
  await createKeyFile(file);
});

const addKey = (keys: readonly StoredKey[]) => [newKey(Date.UTC(2026, 0, 1)), ...keys];
const kids = async () => (await readKeyFile(file))?.map(({ kid }) => kid) ?? [];

describe('changeKeyFile', () => {
  it('keeps what a key is, and when it was made', async () => {
    const [first] = (await readKeyFile(file)) ?? [];
    await changeKeyFile(file, addKey);
    const [added, kept] = (await readKeyFile(file)) ?? [];
    expect(added?.madeAt).toBe(Date.UTC(2026, 0, 1));
    expect(kept?.madeAt).toBe(first?.madeAt);
    expect(first && kept?.secret.equals(first.secret)).toBe(true);
  });

  it('leaves one file, for its owner alone', async () => {
    await changeKeyFile(file, addKey);
    expect(await readdir(join(file, '..'))).toEqual(['keys.json']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('loses nothing when many change it at once, and shows nobody half a file', async () => {
    let isDone = false;
    const reading = (async () => {
      for (let reads = 0; ; reads += 1) {
        if (isDone && reads > 0) return reads;
        expect((await kids()).length).toBeGreaterThan(0);
      }
    })();
    await Promise.all(Array.from({ length: 10 }, () => changeKeyFile(file, addKey)));
    isDone = true;
    expect(await reading).toBeGreaterThan(0);
    expect(new Set(await kids()).size).toBe(11);
  });

  it('writes where a link points, and keeps the link', async () => {
    const link = join(folder, String(count), 'link.json');
    await symlink('keys.json', link);
    await changeKeyFile(link, addKey);
    expect(await kids()).toHaveLength(2);
    expect(await readFile(link, 'utf8')).toBe(await readFile(file, 'utf8'));
  });

  it('changes nothing where the change is refused, and is not locked after that', async () => {
    const before = await readFile(file, 'utf8');
    const refuse = () => {
      throw new SetupError('no');
    };
    await expect(changeKeyFile(file, refuse)).rejects.toThrow('no');
    expect(await readFile(file, 'utf8')).toBe(before);
    await changeKeyFile(file, addKey);
  });

  it('changes nothing of a file that does not hold keys', async () => {
    await writeFile(file, '{"keys":[');
    await expect(changeKeyFile(file, addKey)).rejects.toThrow('it is not JSON');
    expect(await readFile(file, 'utf8')).toBe('{"keys":[');
  });

  it('says so where there is no file', async () => {
    await expect(changeKeyFile(join(folder, 'none', 'keys.json'), addKey)).rejects.toThrow(
      'there are no keys at',
    );
  });
});

describe('withLock', () => {
  it('names a lock that somebody left behind', async () => {
    const lock = join(folder, 'left.lock');
    await writeFile(lock, '');
    await expect(withLock(lock, async () => 1, 10)).rejects.toThrow(`${lock} is there`);
    expect(await readFile(lock, 'utf8')).toBe('');
  });

  it('says why a lock cannot be had', async () => {
    await mkdir(join(folder, 'empty'));
    await expect(withLock(join(folder, 'empty', 'no', 'a.lock'), async () => 1)).rejects.toThrow('ENOENT');
  });
});
