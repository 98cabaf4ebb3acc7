import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import autocannon from 'autocannon';
import { alternate, median } from './measure.ts';

const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 64;
const ROUTE_COUNTS = [1, 20_000];
const ROUTES_PER_PLUGIN = 100;

interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

/**
 * Proxied small GETs through the gateway with identity and permissions on, beside a bare
 * `@fastify/http-proxy`: requests per second, as a ratio, and the 99th percentile of latency.
 */
export async function benchmarkGateway(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'plexica-bench-'));
  const children: ChildProcess[] = [];
  try {
    const upstream = await startProcess(children, [resolve('bench/gateway/upstream.ts')], {});
    const bare = await startProcess(children, [resolve('bench/gateway/bare-proxy.ts')], {
      UPSTREAM: upstream,
    });
    const contestants: Contestant[] = [contestant('bare @fastify/http-proxy', bare, '')];
    for (const routes of ROUTE_COUNTS) {
      const workspace = join(folder, String(routes));
      const token = compileWorkspace(workspace, upstream, routes);
      const gateway = await startProcess(
        children,
        [resolve('runtime/gateway/bin/plexica-gateway.js'), 'start'],
        {},
        workspace,
      );
      await untilReady(gateway);
      contestants.push(contestant(`gateway, ${routes.toLocaleString('en')} routes`, gateway, token));
    }
    const results = await alternate(contestants, ROUNDS, measure);
    const rate = (one: Contestant) => median((results.get(one) ?? []).map(({ requests }) => requests.mean));
    const slowest = (one: Contestant) => median((results.get(one) ?? []).map(({ latency }) => latency.p99));
    const [first] = contestants;
    const base = first === undefined ? 1 : rate(first);
    const lines = contestants.map(
      (one) =>
        `  ${one.name.padEnd(26)} ${rate(one).toFixed(0).padStart(7)} req/s  ${(rate(one) / base).toFixed(2).padStart(5)}  p99 ${slowest(one)} ms`,
    );
    return [
      `Proxied GET, 114 bytes, ${CONNECTIONS} connections (medians of ${ROUNDS} × ${SECONDS} s)`,
      ...lines,
      '',
    ].join('\n');
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function contestant(name: string, address: string, token: string): Contestant {
  return {
    name,
    url: `${address}/api/plugin-gateway/plugin-bench/items/7`,
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
  };
}

async function measure({ url, headers }: Contestant): Promise<autocannon.Result> {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: SECONDS });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return result;
}

/** Writes and compiles a workspace with that many routes; returns a user's token for it. */
function compileWorkspace(folder: string, upstream: string, routes: number): string {
  writePlugin(folder, 'plugin-bench', ['/items/:id']);
  for (let written = 1; written < routes; written += ROUTES_PER_PLUGIN) {
    const count = Math.min(ROUTES_PER_PLUGIN, routes - written);
    const paths = Array.from({ length: count }, (_, index) => `/collection-${index}/:id/parts`);
    writePlugin(folder, `plugin-other-${written}`, paths);
  }
  writeFileSync(
    join(folder, 'plexica.yaml'),
    `plugins: ['plugins/*/plugin.json']\ngateway: { port: 0 }\nupstreams: { plugin-bench: { urls: ['${upstream}'] } }\n`,
  );
  run(resolve('compiler/bin/plexica.js'), ['build'], folder);
  return run(
    resolve('runtime/gateway/bin/plexica-gateway.js'),
    ['token', '--tenant', 'demo', '--user', 'bench', '--permission', 'items:read'],
    folder,
  ).trim();
}

function writePlugin(folder: string, id: string, paths: readonly string[]): void {
  mkdirSync(join(folder, 'plugins', id), { recursive: true });
  writeFileSync(
    join(folder, 'plugins', id, 'plugin.json'),
    JSON.stringify({
      id,
      name: id,
      version: '1.0.0',
      permissions: [{ resource: 'items', action: 'read' }],
      backend: { endpoints: paths.map((path) => ({ method: 'GET', path, permissions: ['items:read'] })) },
    }),
  );
}

function run(program: string, args: readonly string[], folder: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** Starts a program that prints its address; resolves with the address. */
async function startProcess(
  children: ChildProcess[],
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  folder = '.',
): Promise<string> {
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { ...process.env, ...environment, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  return await new Promise((resolveAddress, reject) => {
    const look = (chunk: Buffer) => {
      text += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (match !== null) resolveAddress(match[0]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', () => reject(new Error(`${command.join(' ')} ended before it listened: ${text}`)));
  });
}

async function untilReady(address: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${address}/api/plugin-gateway/ready`);
    await response.body?.cancel();
    if (response.ok) return;
    await new Promise((resolveDelay) => setTimeout(resolveDelay, 50));
  }
}
