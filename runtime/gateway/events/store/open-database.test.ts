import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SetupError } from '../../errors.ts';
import { openDatabase } from './open-database.ts';

const OPENER = fileURLToPath(new URL('../testing/open-and-publish.ts', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-database-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('lets processes that start at once make one file, and loses nothing that they write', async () => {
  const file = join(folder, 'events.db');
  const children = ['a', 'b', 'c', 'd'].map((name) => fork(OPENER, [file, name, '200'], { stdio: 'pipe' }));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  const database = openDatabase(file);
  const counted = database.prepare('SELECT count(*) AS events FROM events').get();
  expect(counted).toMatchObject({ events: 800 });
  expect(database.prepare('PRAGMA auto_vacuum').get()).toMatchObject({ auto_vacuum: 2 });
  expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
  database.close();
});

it('refuses a file of another format, and one that is no database', async () => {
  const file = join(folder, 'events.db');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 7');
  database.close();
  expect(() => openDatabase(file)).toThrow(SetupError);
  expect(() => openDatabase(file)).toThrow('has format 7, and this gateway knows 1');

  const other = join(folder, 'other.db');
  await writeFile(other, 'hello, this is no database at all, it is a text'.repeat(100));
  expect(() => openDatabase(other)).toThrow('cannot be opened: file is not a database');
});

it('says which folder it cannot write to', async () => {
  // A folder that cannot be made, whoever tries: its place is taken by a file.
  const taken = join(folder, 'taken');
  await writeFile(taken, '');
  expect(() => openDatabase(join(taken, 'events.db'))).toThrow('make the folder writable');
});
