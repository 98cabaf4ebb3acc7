/** Where requests are counted: in this process, in Redis, or at the process that counts for all workers. */
export interface RateLimitStore {
  /**
   * Counts one request under a key. The first one opens a window; when that is over, counting begins anew.
   *
   * @param key says what is counted; two things never share one
   * @param windowMs in milliseconds
   * @throws Error when nothing can be counted now, and soon: whoever asks goes on without
   */
  take(key: string, windowMs: number): Promise<Count>;
  /** Gives connections back. */
  close(): Promise<void>;
}

export interface Count {
  /** Requests in this window, this one among them. */
  readonly count: number;
  /** Until the window is over, in milliseconds. */
  readonly resetMs: number;
}
