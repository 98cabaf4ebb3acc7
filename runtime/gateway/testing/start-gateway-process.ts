import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { GatewayFolder } from './gateway-folder.ts';

const BIN = fileURLToPath(new URL('../bin/plexica-gateway.js', import.meta.url));

/** `plexica-gateway start`, as a process of its own. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  /** Up to and with the base path. */
  readonly url: string;
  /** What it has written to stderr. */
  err(): string;
  lines(): readonly LogLine[];
  /** The first line of its log that says this, from the beginning. */
  until(text: string): Promise<LogLine>;
  /** Its exit code, once it has ended and written everything. */
  ended(): Promise<number | null>;
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** Resolves when it serves; rejects with what it wrote when it ends before. */
export async function startGatewayProcess(
  folder: GatewayFolder,
  ...args: readonly string[]
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [BIN, 'start', ...args], {
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  const lookers = new Set<() => void>();
  const look = () => {
    for (const one of lookers) one();
  };
  child.stdout.on('data', (chunk) => {
    out += chunk;
    look();
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
    look();
  });
  const ending = once(child, 'close').then(() => child.exitCode);
  const lines = (): readonly LogLine[] =>
    // Every line of the log is an object with a message; the last one may not be whole yet.
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  const when = <T>(find: () => T | undefined) => {
    const found = Promise.withResolvers<T>();
    const one = () => {
      const value = find();
      if (value !== undefined) found.resolve(value);
    };
    lookers.add(one);
    one();
    const never = ending.then((code) => {
      throw new Error(`the gateway ended with ${code}:\n${err}${out}`);
    });
    return Promise.race([found.promise, never]).finally(() => lookers.delete(one));
  };
  return {
    child,
    url: await when(() => /serves .* at (http:\S+)/.exec(err)?.[1]),
    err: () => err,
    lines,
    until: (text) => when(() => lines().find(({ msg }) => msg.includes(text))),
    ended: () => ending,
  };
}
