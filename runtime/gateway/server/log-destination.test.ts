import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLogDestination } from './log-destination.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-log-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A process whose log goes to its standard output, and that tells at its standard error what came of it. */
function writer(script: string): ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> } {
  const source = `
    const { openLogDestination } = await import(${JSON.stringify(new URL('./log-destination.ts', import.meta.url).href)});
    const destination = openLogDestination(process.stdout);
    const tell = (text) => process.stderr.write(text);
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // With these pipes it has both.
  return child as ReturnType<typeof writer>;
}

async function told(child: ChildProcess): Promise<string> {
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return `${text} ${code ?? signal}`;
}

it('all lines are written when it is closed', async () => {
  const file = join(folder, 'all.log');
  const fd = openSync(file, 'w');
  const destination = openLogDestination({ fd });
  const lines = Array.from({ length: 10_000 }, (_, index) => `{"n":${index}}\n`);
  for (const line of lines) destination.write(line);
  await destination.close(5_000);
  destination.write('too late\n');
  expect(await readFile(file, 'utf8')).toBe(lines.join(''));
});

it('a disk without room ends nothing', async () => {
  const fd = openSync('/dev/full', 'w');
  const destination = openLogDestination({ fd });
  destination.write('one\n');
  await new Promise((resolve) => setImmediate(resolve));
  destination.write('two\n');
  await expect(destination.close(50)).resolves.toBeUndefined();
});

it('a reader that does not read holds nothing up, and not the end either', async () => {
  const child = writer(`
    const line = 'x'.repeat(999) + '\\n';
    const start = performance.now();
    for (let n = 0; n < 20_000; n += 1) destination.write(line);
    let turns = 0;
    await new Promise((resolve) => {
      const turning = setInterval(() => { turns += 1; if (turns === 20) { clearInterval(turning); resolve(); } }, 5);
    });
    await destination.close(100);
    tell(performance.now() - start < 2_000 ? 'quick' : 'slow');
    process.exit(0);
  `);
  const telling = told(child);
  child.stdout.pause();
  await once(child, 'exit');
  child.stdout.resume();
  expect(await telling).toBe('quick 0');
});

it('a reader that is late is told how much it missed', async () => {
  const child = writer(`
    const line = 'x'.repeat(999) + '\\n';
    for (let n = 0; n < 20_000; n += 1) destination.write(line);
    const waiting = setInterval(() => destination.write('{}\\n'), 5);
    setTimeout(() => tell('ready'), 50);
    process.on('SIGTERM', async () => { clearInterval(waiting); await destination.close(2_000); process.exit(0); });
  `);
  child.stdout.pause();
  if (child.stderr !== null) await once(child.stderr, 'data');
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    if (text.includes('"lost":')) child.kill('SIGTERM');
  });
  child.stdout.resume();
  await once(child, 'close');
  const report = text.split('\n').find((line) => line.includes('lost'));
  const { lost } = JSON.parse(report ?? '{}');
  const written = text.split('\n').filter((line) => line.startsWith('x'));
  expect(written.every((line) => line.length === 999)).toBe(true);
  expect(lost).toBeGreaterThan(10_000);
  expect(written.length + lost).toBeGreaterThanOrEqual(20_000);
});

it('a reader that is gone ends the writing, and not the process', async () => {
  const child = writer(`
    const line = 'x'.repeat(999) + '\\n';
    setInterval(() => destination.write(line), 1);
    process.on('SIGTERM', async () => { await destination.close(1_000); tell('closed'); process.exit(0); });
  `);
  const telling = told(child);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill('SIGTERM');
  expect(await telling).toBe('closed 0');
});

it('the last lines before an error that nobody caught are written', async () => {
  const child = writer(`
    for (let n = 0; n < 100; n += 1) destination.write('line ' + n + '\\n');
    throw new Error('nobody caught this');
  `);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  expect(await told(child)).toMatch(/nobody caught this[\s\S]* 1$/);
  expect(text).toBe(Array.from({ length: 100 }, (_, n) => `line ${n}\n`).join(''));
});
