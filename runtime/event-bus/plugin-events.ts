/** What a plugin's manifest says about events; generated as `generated/events/<plugin>.ts`. */
export interface PluginEvents {
  readonly pluginId: string;
  /** By name. */
  readonly publishes: Readonly<Record<string, EventContract>>;
  readonly subscribes: Readonly<Record<string, EventContract>>;
}

export interface EventContract {
  /** Plugin ids, and `platform`; only of events that are subscribed to. */
  readonly publishers?: readonly string[];
  /** A JSON Schema (2020-12) without references to anything outside of it; absent where every payload is allowed. */
  readonly schema?: object;
}
