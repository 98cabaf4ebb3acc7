/** Every reason for which the event bus refuses something. Codes are never reused. */
export type EventErrorCode =
  /** No handler was given the tenant: there is no request and no event that is being served. */
  | 'tenant-missing'
  /** The plugin's manifest does not list the event. */
  | 'event-not-declared'
  | 'payload-invalid'
  /** Something around the payload cannot travel: an id, a tenant or a correlation that is empty or too long. */
  | 'event-invalid'
  /** Handlers and manifest do not agree, or something decorated was not registered: `start` says all that is wrong. */
  | 'setup-invalid'
  /** The bus is not started, or has stopped. */
  | 'not-running'
  /** The transport refused: wrong token, unknown broker, a full disk. Trying again does not help. */
  | 'transport-refused'
  /** The transport does not answer now. */
  | 'transport-unavailable';

/** The message says what is wrong, with the names of events and plugins, and what to do. */
export class EventBusError extends Error {
  override readonly name = 'EventBusError';
  readonly code: EventErrorCode;

  constructor(code: EventErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
  }
}
