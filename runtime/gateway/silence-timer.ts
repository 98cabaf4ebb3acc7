/** A timer that is later than this, in milliseconds: the process stood still, as on a machine that was paused. */
const STOOD_STILL = 100;

/**
 * Runs something when nothing has happened for so long, once; progress begins the wait anew, at any time. A process that
 * stood still finds its time over and, in its sockets, what came meanwhile: that is read first, and counts. What it was
 * about to send when it stopped goes out only now; so it gives the full time once more.
 */
export class SilenceTimer {
  readonly #ms: number;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;
  #isExtended = false;
  #dueAt: number;

  /** @param ms how long nothing may happen */
  constructor(ms: number, onSilence: () => void) {
    this.#ms = ms;
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => {
      if (!this.#isExtended && performance.now() - this.#dueAt > STOOD_STILL) {
        this.refresh();
        this.#isExtended = true;
        return;
      }
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
    this.#isExtended = false;
    this.#dueAt = performance.now() + this.#ms;
    this.#timer.refresh();
  }

  stop(): void {
    this.#isOver = false;
    clearTimeout(this.#timer);
  }
}
