/** What a `ServiceCallError` says, beside its message. */
export interface ServiceCallFailure {
  /** The HTTP status of the answer; 0 where none came. */
  readonly status: number;
  /**
   * The `code` of the answer (`edge-not-declared`), or `http-404` where it has none, or one of the SDK's own:
   * `bad-input`, `network`, `timeout`, `aborted`, `bad-answer`.
   */
  readonly code: string;
  /** What was called: a service, `crm.contacts`, or `gateway`. */
  readonly service: string;
  /** Method and path pattern: `GET /contacts/:id`. */
  readonly endpoint: string;
  readonly requestId?: string | undefined;
  /** How long the answer asks to wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The body of the answer, where it was JSON. */
  readonly body?: unknown;
  readonly cause?: unknown;
}

/** The one error of all calls through the gateway. */
export class ServiceCallError extends Error implements ServiceCallFailure {
  override readonly name = 'ServiceCallError';
  readonly status: number;
  readonly code: string;
  readonly service: string;
  readonly endpoint: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly body: unknown;

  constructor(reason: string, failure: ServiceCallFailure) {
    const { status, code, service, endpoint } = failure;
    const answered = status === 0 ? '' : ` (status ${status})`;
    super(
      `${endpoint} of ${service}: ${reason}${answered}`,
      failure.cause === undefined ? undefined : { cause: failure.cause },
    );
    this.status = status;
    this.code = code;
    this.service = service;
    this.endpoint = endpoint;
    this.requestId = failure.requestId;
    this.retryAfterMs = failure.retryAfterMs;
    this.body = failure.body;
  }
}
