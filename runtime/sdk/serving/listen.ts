import type { PluginServer } from './plugin-server.ts';

/** Starts to serve and returns the URL. Rejects with a message that says what to do where it cannot. */
export async function listen(
  app: Pick<PluginServer, 'listen' | 'server'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new Error(explain(error, host, port), { cause: error });
  }
  const address = app.server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${reachable(host)}:${taken}`;
}

/** Where a process on this machine reaches a server that listens on `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken: stop what listens there, or choose another with PORT=${port < 65535 ? port + 1 : port - 1}`;
    case 'EACCES':
      return `port ${port} of ${host} needs rights that this process lacks: choose one above 1023 with PORT`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${host}: set HOST to one of its own, such as 127.0.0.1`;
    default:
      return `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
