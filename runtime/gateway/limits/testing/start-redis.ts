import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A Redis of a test's own, in a process of its own. */
export interface TestRedis {
  readonly url: URL;
  /** As a machine that fails. */
  kill(): Promise<void>;
  /** Starts another one at the same port, which knows nothing. */
  restart(): Promise<void>;
  /** It keeps its connections, and says nothing. */
  pause(): void;
  resume(): void;
}

/**
 * Why tests with Redis are skipped here; undefined where they run. Where `CI` is set they always do, and fail
 * without it.
 */
export function whyNoRedis(): string | undefined {
  const missing = spawnSync('redis-server', ['--version']).error !== undefined;
  return missing && !process.env.CI ? 'there is no redis-server on the PATH' : undefined;
}

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server = await start(port);
  return {
    url: new URL(`redis://127.0.0.1:${port}`),
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    },
    async restart() {
      server = await start(port);
    },
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
  };
}

async function start(port: number): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  // Without a listener, a missing program would end the tests with no word about which.
  const failed = once(server, 'error').then(([error]) => {
    throw error;
  });
  await Promise.race([failed, ready(server)]);
  return server;
}

async function ready(server: ChildProcess): Promise<void> {
  if (server.stdout === null) throw new Error('redis-server has no output');
  const lines: string[] = [];
  for await (const line of createInterface(server.stdout)) {
    lines.push(line);
    if (!line.includes('Ready to accept connections')) continue;
    // What it says from now on is read by nobody, and must not fill the pipe.
    server.stdout.resume();
    return;
  }
  throw new Error(`redis-server did not start:\n${lines.join('\n')}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
