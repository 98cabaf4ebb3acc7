/** A contestant's way to publish numbered events and to be told of them. */
export interface EventClient {
  /** Resolves once the event is durable. */
  publish(event: BenchEvent): Promise<void>;
  /** Publishes many as fast as this contestant can; resolves once all are durable. */
  publishAll(events: readonly BenchEvent[]): Promise<void>;
  /** @param handle is called for each event; events of one tenant come in order */
  subscribe(handle: (event: BenchEvent) => void): Promise<void>;
  stop(): Promise<void>;
}

export interface BenchEvent {
  readonly tenant: string;
  readonly n: number;
  /** When it was published, as `performance.now` has it. */
  readonly at: number;
  readonly note: string;
}

/** Publishes each for itself, with so many on their way at once. */
export async function publishSideBySide(
  events: readonly BenchEvent[],
  atOnce: number,
  publish: (event: BenchEvent) => Promise<void>,
): Promise<void> {
  const left = events.values();
  const one = async () => {
    for (const event of left) await publish(event);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}
