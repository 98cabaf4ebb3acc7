const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'] as const;

/**
 * The other spellings of an origin on this machine. They are not the same address: `localhost` leads to 127.0.0.1 or to
 * ::1, behind which two processes can listen at one port, and nobody is let in by a name for what was allowed by another.
 */
export function otherLoopbackSpellings({ protocol, hostname, port }: URL): readonly URL[] {
  if (!LOOPBACK.some((name) => name === hostname)) return [];
  const others = LOOPBACK.filter((name) => name !== hostname);
  return others.map((name) => new URL(`${protocol}//${name}${port === '' ? '' : `:${port}`}`));
}
