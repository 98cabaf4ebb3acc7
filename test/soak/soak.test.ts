import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { REPOSITORY } from '../support/run-program.ts';

/** A minute where nobody waits; `make soak` takes ten. */
const SECONDS = process.env.CI === undefined ? 15 : 60;

it(`serves ${SECONDS} s through reloads, restarts and kills without losing an idempotent request`, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@plexica/source', 'test/soak/soak.ts'],
    { cwd: REPOSITORY, env: { ...process.env, SOAK_SECONDS: String(SECONDS) } },
  );
  console.log(stdout);
  expect(stdout).toMatch(/failed 0$/m);
}, 240_000);
