import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { loadSigningKeys } from './keys.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('makes the file on first use, for its owner alone, and leaves nothing else behind', async () => {
  const file = join(folder, 'first', 'keys.json');
  const keys = await loadSigningKeys(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'first'))).toEqual(['keys.json']);
  expect((await loadSigningKeys(file)).current).toEqual(keys.current);
});

it('gives the same keys to everybody who starts at once', async () => {
  const file = join(folder, 'race', 'keys.json');
  const all = await Promise.all(Array.from({ length: 8 }, () => loadSigningKeys(file)));
  expect(new Set(all.map(({ current }) => current.kid)).size).toBe(1);
});

it('signs with the first key, and knows the others', async () => {
  const file = join(folder, 'two.json');
  const key = (kid: string) => ({ kty: 'oct', kid, k: Buffer.alloc(32, kid).toString('base64url') });
  await writeFile(file, JSON.stringify({ keys: [key('new'), key('old')] }));
  const keys = await loadSigningKeys(file);
  expect(keys.current.kid).toBe('new');
  expect([...keys.byId.keys()]).toEqual(['new', 'old']);
});

const k = Buffer.alloc(32).toString('base64url');
it.each([
  ['half a file', '{"keys":', 'it is not JSON'],
  ['no set', '[]', 'it has no "keys"'],
  ['an empty set', '{"keys":[]}', 'it holds no key'],
  ['a public key', '{"keys":[{"kty":"RSA","kid":"a"}]}', 'a key is not a symmetric one'],
  [
    'another algorithm',
    `{"keys":[{"kty":"oct","kid":"a","alg":"HS512","k":"${k}"}]}`,
    'a key is not a symmetric one',
  ],
  ['a key without a name', `{"keys":[{"kty":"oct","k":"${k}"}]}`, 'a key has no "kid"'],
  ['a short key', '{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}', 'the key "a" is shorter than 32 bytes'],
  [
    'one name twice',
    `{"keys":[{"kty":"oct","kid":"a","k":"${k}"},{"kty":"oct","kid":"a","k":"${k}"}]}`,
    'two keys have the kid "a"',
  ],
])('refuses %s, and says what to do', async (_, text, message) => {
  const file = join(folder, 'bad.json');
  await writeFile(file, text);
  const loading = loadSigningKeys(file);
  await expect(loading).rejects.toThrow(SetupError);
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.toThrow('remove the file');
  expect(await readFile(file, 'utf8')).toBe(text);
});

it('does not take a folder for a file', async () => {
  await mkdir(join(folder, 'folder.json'));
  await expect(loadSigningKeys(join(folder, 'folder.json'))).rejects.toThrow('cannot be read');
});

it('says so where the file cannot be made', async () => {
  await writeFile(join(folder, 'blocked'), '');
  const loading = loadSigningKeys(join(folder, 'blocked', 'keys.json'));
  await expect(loading).rejects.toThrow(SetupError);
});
