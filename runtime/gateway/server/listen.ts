import { once } from 'node:events';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { BASE_PATH } from '../base-path.ts';
import { SetupError } from '../errors.ts';

interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * @returns the gateway's address
 * @throws SetupError for an address that cannot be listened on
 */
export async function listen(app: FastifyInstance, { host, port }: Address): Promise<URL> {
  try {
    await app.listen({ host, port, listenTextResolver: () => 'the gateway listens' });
  } catch (cause) {
    await app.close();
    throw cannotListen(cause, { host, port });
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${actual}${BASE_PATH}`);
}

/**
 * Finds out whether an address can be listened on, and which port it is to be, before several processes listen on it.
 *
 * @throws SetupError
 */
export async function findPort({ host, port }: Address): Promise<number> {
  const probe = createServer();
  try {
    probe.listen({ host, port, exclusive: true });
    await once(probe, 'listening');
  } catch (cause) {
    throw cannotListen(cause, { host, port });
  }
  const address = probe.address();
  const closed = once(probe, 'close');
  probe.close();
  await closed;
  return typeof address === 'object' && address !== null ? address.port : port;
}

function cannotListen(cause: unknown, { host, port }: Address): SetupError {
  const change = `choose another with --port, or gateway.port in plexica.yaml (PORT=${port + 1} where it says \${PORT:-${port}})`;
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE':
      return new SetupError(`port ${port} on ${host} is taken: stop what listens there, or ${change}`, {
        cause,
      });
    case 'EACCES':
      return new SetupError(`port ${port} needs rights that this process does not have: ${change}`, {
        cause,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new SetupError(
        `${host} is no address of this machine: change gateway.host in plexica.yaml, or --host`,
        { cause },
      );
    default: {
      const why = cause instanceof Error ? cause.message : String(cause);
      return new SetupError(`the gateway cannot listen on ${host}, port ${port}: ${why}`, { cause });
    }
  }
}
