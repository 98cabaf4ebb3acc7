import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from './open-database.ts';
import { createStatements } from './statements.ts';

it('numbers no parameter: Node.js 22 would leave it without a value, and give it to the next one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-statements-'));
  const database = openDatabase(join(folder, 'events.db'));
  for (const [name, { sourceSQL }] of Object.entries(createStatements(database))) {
    expect(sourceSQL, name).not.toMatch(/\?\d/);
  }
  database.close();
  await rm(folder, { recursive: true });
});
