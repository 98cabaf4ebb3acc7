import { createServer } from 'node:net';

/** Whether somebody listens at the address already. */
export async function isPortInUse(url: URL): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else reject(error);
    });
    server.listen({ host: url.hostname, port: Number(url.port), exclusive: true }, () => {
      server.close(() => resolve(false));
    });
  });
}
