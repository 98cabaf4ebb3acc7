import type { EventRoute } from '../support/event-plugins.ts';

/** What carries events, as something that can be killed. */
export interface Carrier {
  /** `Kafka, 3 brokers` */
  readonly name: string;
  readonly route: EventRoute;
  /** Ends a part of it with `SIGKILL`, and starts it again so many milliseconds later. Resolves once it serves. */
  kill(pause: number): Promise<void>;
  readonly kills: number;
  /** How many messages were given up. */
  deadLetters(): Promise<number>;
  stop(): Promise<void>;
}
