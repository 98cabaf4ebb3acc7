import type { EventRoute } from '../support/event-plugins.ts';

/** What a publisher's process is told. */
export interface PublisherSettings {
  readonly pluginId: string;
  readonly route: EventRoute;
  /** Where it writes down what was accepted. */
  readonly file: string;
  /** Events a second, at most. */
  readonly rate: number;
  readonly tenants: readonly { readonly tenant: string; readonly count: number }[];
}

/** What a subscriber's process is told. */
export interface SubscriberSettings {
  readonly route: EventRoute;
  /** Where it writes down what it has handled. */
  readonly file: string;
  /** The longest that a handler takes, in milliseconds; each takes a random part of it. */
  readonly takes: number;
}
