/**
 * What happened to a registered instance, as plain JSON: a worker tells the primary process of it, which tells the other
 * workers and the store. `registered` and `renewed` both mean that the instance is there, for a whole time to live from
 * now: whoever hears of one that it does not know adds it. `removed` ends it. That no heartbeat came in time is told to
 * nobody: every process sees it by itself.
 */
export interface RegistrationChange {
  readonly kind: 'registered' | 'renewed' | 'removed';
  readonly pluginId: string;
  /** In the one spelling that the instances give it, without a slash at the end of its path. Not for answers and logs. */
  readonly baseUrl: string;
}

export type RegistrationListener = (change: RegistrationChange) => void;

/** The part of `Instances` through which processes agree about who is registered. */
export interface RegistrationExchange {
  /**
   * Tells every change that began in this process. What `applyRegistration` did is not told again.
   *
   * @returns ends it
   */
  onRegistration(listener: RegistrationListener): () => void;
  /**
   * Does what another process or the store says. A plugin that is not in the table, an origin that is not allowed and an
   * instance too many are left out, and false is returned: what was written down may be older than the configuration.
   */
  applyRegistration(change: RegistrationChange): boolean;
}
