/** Every code with which the gateway answers for itself, and its HTTP status. Codes are never reused. */
const ERROR_STATUS = {
  // The request itself.
  'bad-request': 400,
  'bad-path': 400,
  'bad-header': 400,
  'body-not-allowed': 400,
  /** Against the schemas of the manifest; the answer lists every field under `details`. */
  'request-invalid': 400,
  'request-timeout': 408,
  /** For the log alone: nobody is left to be told. */
  'client-gone': 499,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'headers-too-large': 431,
  'method-not-supported': 501,
  /** A WebSocket endpoint that was asked without an upgrade, or the other way round. */
  'upgrade-required': 426,
  'upgrade-not-supported': 501,
  // Where it goes.
  'route-not-found': 404,
  'method-not-allowed': 405,
  // Who makes it, and what they may do.
  'token-missing': 401,
  'token-invalid': 401,
  'users-not-allowed': 403,
  'permission-missing': 403,
  'edge-missing': 403,
  'tenant-context-missing': 403,
  'tenant-context-invalid': 403,
  'plugin-token-required': 403,
  /** A plugin that wants to act for a tenant that plexica.yaml does not grant it. */
  'tenant-not-granted': 403,
  /** A page of an origin that may not open WebSocket connections here. */
  'origin-not-allowed': 403,
  /** The gateway's administration: for this machine, with the permission for it. */
  'admin-only': 403,
  /** A generated client that was made from a contract which the plugin no longer keeps. */
  'contract-mismatch': 409,
  // Events.
  /** No CloudEvent of ours, or a payload that breaks its schema. */
  'event-invalid': 400,
  /** The manifest does not list the event under what the plugin publishes, or subscribes to. */
  'event-not-declared': 403,
  /** Published in the name of somebody else. */
  'event-source-foreign': 403,
  /** A context that cannot be exchanged for one of the caller's. */
  'context-refused': 403,
  /** The messages are another stream's by now. */
  'event-stream-lost': 409,
  /** Events do not go through the gateway here. */
  'events-elsewhere': 409,
  /** They cannot be kept now: the disk is full, or somebody else writes for too long. */
  'events-unavailable': 503,
  'rate-limited': 429,
  'identity-unavailable': 503,
  // The plugin behind it.
  'plugin-unavailable': 503,
  /** More requests are under way at it than it may have, and as many wait. */
  'plugin-busy': 503,
  /** One that it requires is UNAVAILABLE, and plexica.yaml says `dependencyPolicy: fail`. */
  'dependency-unavailable': 503,
  'upstream-failed': 502,
  'upstream-timeout': 504,
  // The gateway's own endpoints.
  'plugin-not-found': 404,
  'service-not-found': 404,
  'document-not-found': 404,
  'registration-invalid': 400,
  'registration-forbidden': 403,
  'registration-mismatch': 409,
  'instance-not-found': 404,
  'not-ready': 503,
  /** Configuration or table cannot be served; the ones before go on. */
  'reload-refused': 409,
  'shutting-down': 503,
  'internal-error': 500,
} as const satisfies Readonly<Record<string, number>>;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface GatewayErrorOptions {
  /** What is wrong where, sent with the answer. */
  readonly details?: readonly ErrorDetail[];
  /** Sent with the answer: `allow`, `retry-after`, `www-authenticate` … in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log of the gateway alone; it never reaches the client. */
  readonly cause?: unknown;
}

/** One field that is not as it should be. */
export interface ErrorDetail {
  readonly in: 'params' | 'querystring' | 'headers' | 'body';
  /** Below that part, as a JSON pointer (RFC 6901); empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** An answer that the gateway gives by itself. The message is sent to the client as it is: it holds no address and no token. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: readonly ErrorDetail[] | undefined;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = ERROR_STATUS[code];
    this.headers = options.headers ?? {};
    this.details = options.details;
  }
}

/** What every answer of the gateway's own that is not a success looks like. */
export interface ErrorEnvelope {
  readonly success: false;
  readonly error: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly details?: readonly ErrorDetail[];
}

/** The envelope of an error, for the request that it answers. */
export function errorEnvelope(error: GatewayError, requestId: string): ErrorEnvelope {
  const { details } = error;
  const envelope = { success: false, error: error.message, code: error.code, requestId } as const;
  return details === undefined ? envelope : { ...envelope, details };
}

/** A reason not to start: a file, a setting or a port. The message says what is wrong, where, and what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
