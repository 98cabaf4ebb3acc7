/**
 * Runs something never twice at once. Who asks while it runs waits for a run that begins afterwards, and shares it with
 * all others who wait: it sees everything that had happened when they asked.
 */
export function oneAtATime<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= running.then(() => {
      const current = run();
      next = undefined;
      running = current.catch(() => undefined);
      return current;
    });
    return next;
  };
}
