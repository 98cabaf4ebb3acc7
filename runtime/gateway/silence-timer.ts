/**
 * Runs something when nothing has happened for so long, once; progress begins the wait anew, at any time. A process that
 * stood still finds its time over and, in its sockets, what came meanwhile: that is read first, and counts.
 */
export class SilenceTimer {
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  /** @param ms how long nothing may happen */
  constructor(ms: number, onSilence: () => void) {
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      // After this turn's reading, which comes behind its timers.
      setImmediate(() => {
        if (this.#isOver) onSilence();
      });
    }, ms);
  }

  /** Something has happened. */
  refresh(): void {
    this.#isOver = false;
    this.#timer.refresh();
  }

  stop(): void {
    this.#isOver = false;
    clearTimeout(this.#timer);
  }
}
