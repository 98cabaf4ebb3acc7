import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { diskHost } from '../host/disk-host.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { loadSchemaFile } from './load-schema-file.ts';

describe('loadSchemaFile', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await temporaryFolder({
      'secret.json': '{}',
      'crm-private/secret.json': '{}',
      'crm/schemas/contact.json': '{"type": "object"}',
      'crm/..hidden/a.json': '{}',
    });
    await symlink(join(folder, 'secret.json'), join(folder, 'crm/leak.json'));
    await symlink(folder, join(folder, 'crm/up'));
    await symlink(join(folder, 'crm/schemas/contact.json'), join(folder, 'crm/alias.json'));
    await symlink(join(folder, 'crm/loop.json'), join(folder, 'crm/loop.json'));
  });

  it.each([
    './schemas/contact.json',
    './schemas/../schemas/contact.json',
    './alias.json',
    './..hidden/a.json',
  ])('reads %s', async (ref) => {
    const { value, diagnostics } = await load(ref);

    expect(diagnostics).toEqual([]);
    expect(value?.bytes.length).toBeGreaterThan(0);
  });

  it('names the file as the working folder sees it', async () => {
    expect((await load('./schemas/contact.json')).value?.name).toBe('crm/schemas/contact.json');
  });

  it.each([
    ['../secret.json', 'leads out of the folder of its plugin'],
    ['./../secret.json', 'leads out of the folder of its plugin'],
    ['./../crm-private/secret.json', 'leads out of the folder of its plugin'],
    ['/etc/passwd', 'leads out of the folder of its plugin'],
    ['.\\secret.json', 'is written with a backslash, not with slashes'],
    ['./schemas\\contact.json', 'is written with a backslash, not with slashes'],
    ['./', 'leads out of the folder of its plugin'],
    ['./leak.json', 'leads out of the folder of its plugin through a symbolic link'],
    ['./up/secret.json', 'leads out of the folder of its plugin through a symbolic link'],
  ])('refuses %s', async (ref, reason) => {
    const { value, diagnostics } = await load(ref);

    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { kind: { code: 'PLX1005' }, message: `the schema file "${ref}" ${reason}` },
    ]);
  });

  it.each([
    ['./absent.json', 'the schema file "./absent.json" cannot be read: it does not exist'],
    ['./schemas', 'the schema file "./schemas" cannot be read: it is a folder'],
    ['./loop.json', 'the schema file "./loop.json" cannot be read: its symbolic links form a circle'],
    ['./schemas/contact.json#/a', '"./schemas/contact.json#/a" names a part of a file'],
    ['./a\u0000b', 'the schema file "./a\\u{0}b" cannot be read: it cannot be read (ERR_INVALID_ARG_VALUE)'],
  ])('cannot read %j', async (ref, message) => {
    expect((await load(ref)).diagnostics).toMatchObject([{ kind: { code: 'PLX1006' }, message }]);
  });

  function load(ref: string) {
    const file = { path: 'crm/plugin.json', text: JSON.stringify(ref) };
    const host = diskHost(folder, {});
    return loadSchemaFile(host, join(folder, 'crm/plugin.json'), {
      value: ref,
      span: { file, start: 0, end: file.text.length },
    });
  }
});
