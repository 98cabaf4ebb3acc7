/** How a plugin of the fault tests behaves. */
export interface Behaviour {
  /**
   * - `well`, `hang`: as a plugin should; never.
   * - `garbage`, `nothing`, `half-head`, `half-body`: the connection is closed after bytes that are not HTTP, none, a part
   *   of a head, half of a body.
   * - `stalled-body`: half of a body, and nothing more. `longer`: a whole answer, and another one that nobody asked for.
   * - `close-kept`, `reset-kept`: well, on connections that are closed when the next request may be on its way, or reset
   *   when it has come.
   * - `die`: half of a body, and the process kills itself.
   */
  readonly answer:
    | 'well'
    | 'hang'
    | 'garbage'
    | 'nothing'
    | 'half-head'
    | 'half-body'
    | 'stalled-body'
    | 'longer'
    | 'close-kept'
    | 'reset-kept'
    | 'die';
  readonly health: 'well' | 'bad' | 'hang';
  /** Before each answer. */
  readonly delayMs: number;
  /** Whether it accepts connections; those that it has are closed with its door. */
  readonly listening: boolean;
}
