/**
 * Payloads by event name. Generated files (`generated/events/<plugin>.ts`) add to it by declaration merging, so that a
 * wrong name or payload does not compile. Where nothing was added, every name is allowed and payloads are unknown.
 */
// biome-ignore lint/suspicious/noEmptyInterface: declaration merging needs an interface
export interface EventMap {}

/** For who knows its events only when it runs, as the gateway does: `createEventBus<AnyEvents>(...)`. */
export type AnyEvents = Record<string, unknown>;

/** The names that the program knows. */
export type EventName<Events = EventMap> = keyof Events extends never ? string : keyof Events & string;

export type EventData<Name extends string, Events = EventMap> = Name extends keyof Events
  ? Events[Name]
  : unknown;
