import { Server } from 'node:net';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** The end of a server, for its clients' sake. */
export interface Drain {
  /** From the moment on at which `stop` is called: no answer may invite to another request on its connection. */
  isStopping(): boolean;
  /**
   * Lets nobody in any more, lets requests under way end, and cuts them when the time is over. May be called again, with
   * less time.
   *
   * @param grace in milliseconds
   */
  stop(grace: number): Promise<void>;
}

/** In milliseconds. */
const TIMES = {
  /**
   * For so long a kept connection may bring one more request: it may be on its way already, and would be lost. The answer
   * says that the connection ends.
   */
  linger: 500,
  sweep: 50,
  /** How long connections are let in that have come before the end. */
  lettingIn: 200,
} as const;

export function createDrain(app: FastifyInstance): Drain {
  const { server } = app;
  let stopping = false;
  let isOver = false;
  let ending: Promise<void> | undefined;

  return {
    isStopping: () => stopping,
    async stop(grace) {
      stopping = true;
      const impatience = setTimeout(() => {
        isOver = true;
        sweep();
      }, grace);
      ending ??= end(Math.min(grace, TIMES.linger));
      await ending.finally(() => clearTimeout(impatience));
    },
  };

  async function end(linger: number): Promise<void> {
    await letWaitingIn(server);
    // Not the HTTP server's own `close`, which cuts connections that are idle at this moment.
    if (server.listening) Server.prototype.close.call(server);
    const lingersUntil = performance.now() + linger;
    while (!isOver && performance.now() < lingersUntil && (await connectionsOf(server)) > 0) {
      await pause(Math.min(linger, TIMES.sweep));
    }
    // A connection whose last answer began before the end stays open for the next request, which must not come.
    const sweeping = setInterval(sweep, TIMES.sweep);
    await app.close().finally(() => clearInterval(sweeping));
  }

  function sweep(): void {
    if (isOver) server.closeAllConnections();
    else if (!server.listening) server.closeIdleConnections();
  }
}

/** The kernel has taken connections for us that it would reset; each turn of the loop lets one in. */
async function letWaitingIn(server: Server): Promise<void> {
  const endsAt = performance.now() + TIMES.lettingIn;
  let hasCome = true;
  const come = () => {
    hasCome = true;
  };
  server.on('connection', come);
  while (hasCome && performance.now() < endsAt) {
    hasCome = false;
    await turn();
    await turn();
  }
  server.off('connection', come);
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null ? count : 0));
  });
}
