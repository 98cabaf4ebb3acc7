import { expect } from 'vitest';

/** A frame of a stack, or a file of ours or of a library. */
const STACK = /\n {4}at |\\n {4}at |node_modules|node:internal|\.ts:\d+:\d+/;
/** The three parts of a signed token. */
const TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/;

/**
 * Fails where one of these texts, answers or lines of a log, tells what nobody outside may know.
 *
 * @param ports where plugins listen on this machine; a port without an address before it may be any number
 */
export function expectNoSecrets(
  texts: readonly string[],
  secrets: readonly string[],
  ports: readonly string[],
): void {
  const addresses = ports.flatMap((port) => [`127.0.0.1:${port}`, `localhost:${port}`, `"port":${port}`]);
  const told = texts.flatMap((text) => [
    ...[...secrets, ...addresses].filter((secret) => text.includes(secret)),
    ...(STACK.exec(text) ?? []),
    ...(TOKEN.exec(text) ?? []),
  ]);
  expect(told).toEqual([]);
}
