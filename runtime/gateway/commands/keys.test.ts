import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../cli.ts';
import { loadSigningKeys } from '../identity/keys.ts';

const BIN = fileURLToPath(new URL('../bin/plexica-gateway.js', import.meta.url));

let folder: string;
let config: string;
let file: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-keys-command-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  count += 1;
  const workspace = join(folder, String(count));
  await mkdir(workspace);
  config = join(workspace, 'plexica.yaml');
  file = join(workspace, '.plexica', 'keys.json');
  await writeFile(config, 'plugins: ["*.json"]\nout: .\n');
});

async function keys(...argv: string[]) {
  let out = '';
  let err = '';
  const code = await run(['keys', ...argv, '--config', config], {
    environment: {},
    log: () => undefined,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    onSignal: () => undefined,
  });
  // What a key is made of is never shown.
  const stored: { keys: { k: string }[] } = JSON.parse(
    await readFile(file, 'utf8').catch(() => '{"keys":[]}'),
  );
  for (const { k } of stored.keys) expect(out + err).not.toContain(k);
  return { code, out, err };
}

/** Kids with what each does, as the command lists them. */
async function listed(): Promise<readonly string[]> {
  const { out } = await keys();
  return out
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(/ {2,}\S+ {2,}/, ' '));
}

describe('keys', () => {
  it('lists what signs, what verifies, and since when', async () => {
    const { current } = await loadSigningKeys(file);
    const { code, out } = await keys();
    expect(code).toBe(0);
    expect(out).toMatch(/^KID +MADE +USE\n/);
    expect(out).toMatch(
      new RegExp(`\n${current.kid}  20\\d\\d-\\d\\d-\\d\\dT[\\d:]{8}Z  signs, verifies\n$`),
    );
  });

  it('does not know of what the file does not say', async () => {
    const k = Buffer.alloc(32).toString('base64url');
    await mkdir(join(file, '..'));
    await writeFile(file, JSON.stringify({ keys: [{ kty: 'oct', kid: 'short', k }] }));
    expect((await keys()).out).toBe(
      'KID    MADE                  USE\nshort  not known             signs, verifies\n',
    );
  });

  it('makes none by looking', async () => {
    const { code, err } = await keys();
    expect([code, err]).toEqual([1, expect.stringContaining('the gateway makes them when it starts')]);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});

describe('keys rotate', () => {
  it('makes a key that signs, and keeps the one before', async () => {
    const before = (await loadSigningKeys(file)).current.kid;
    const { code, out } = await keys('rotate');
    const after = (await loadSigningKeys(file)).current.kid;
    expect([code, out]).toEqual([0, `${after} signs from now on\n`]);
    expect(await listed()).toEqual([`${after} signs, verifies`, `${before} verifies`]);
  });

  it('removes what was replaced long enough ago', async () => {
    const first = (await loadSigningKeys(file)).current.kid;
    await keys('rotate', '--retire-after', '1h');
    const second = (await loadSigningKeys(file)).current.kid;
    const { out } = await keys('rotate', '--retire-after', '0s');
    const third = (await loadSigningKeys(file)).current.kid;
    expect(out).toBe(
      `${third} signs from now on\n` +
        [second, first].map((kid) => `${kid} is removed: what it signed no longer counts\n`).join(''),
    );
    expect(await listed()).toEqual([`${third} signs, verifies`]);
  });

  it('loses no key when processes do it at once', async () => {
    await loadSigningKeys(file);
    const codes = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const child = spawn(process.execPath, [BIN, 'keys', 'rotate', '--config', config], {
          stdio: 'ignore',
        });
        return (await once(child, 'close'))[0];
      }),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(await listed()).toHaveLength(4);
  });
});

describe('keys remove', () => {
  it('takes a key out, and never the last', async () => {
    const first = (await loadSigningKeys(file)).current.kid;
    expect(await keys('remove', first)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is the only key'),
    });
    await keys('rotate');
    expect(await keys('remove', first)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${first} is removed`),
    });
    expect(await listed()).toHaveLength(1);
    expect(await keys('remove', first)).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no key'),
    });
  });
});

it.each([
  [['rotate', 'now'], 'rotate, or remove KID'],
  [['remove'], 'rotate, or remove KID'],
  [['list'], 'rotate, or remove KID'],
  [['remove', 'a', 'b'], '"b" is more than `keys` takes'],
  [['--retire-after', '1h'], '--retire-after is for `keys rotate`'],
  [['rotate', '--retire-after', 'soon'], 'must be a duration'],
])('exits 2 for %j', async (argv, words) => {
  expect(await keys(...argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
});
