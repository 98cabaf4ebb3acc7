import { ServiceCallError } from '@plexica/sdk';

/** Why a request got no report. The message is for the caller and names no address. */
class ReportError extends Error {
  override readonly name = 'ReportError';
  /** The HTTP status that says so. */
  readonly statusCode: 404 | 502 | 503 | 504;
  /** The message is for the caller, whatever the status. */
  readonly expose = true;

  /** @param cause what lies behind it, for the log */
  constructor(statusCode: 404 | 502 | 503 | 504, message: string, cause?: Error) {
    super(message, cause && { cause });
    this.statusCode = statusCode;
  }
}

export const noReport = (id: string) => new ReportError(404, `there is no report "${id}"`);

/** @param reasons what the gateway knows of it */
export const crmUnavailable = (reasons: readonly string[]) =>
  new ReportError(
    503,
    'a report needs plugin-crm, which cannot be reached through the gateway now; try again later',
    new Error(reasons.join('; ')),
  );

/** What a failed call to the CRM means for the report; any other error stays what it is. */
export function explainCallError(error: unknown): unknown {
  if (!(error instanceof ServiceCallError)) return error;
  const { code, status, service, endpoint } = error;
  const call = `${endpoint} of ${service}`;
  if (code === 'timeout' || code === 'aborted' || status === 504) {
    return new ReportError(504, `${call} took too long; try again later`, error);
  }
  if (code === 'network') return new ReportError(503, 'the gateway cannot be reached now', error);
  if (status === 503 || status === 429) {
    return new ReportError(503, `${call} is not available now; try again later`, error);
  }
  return new ReportError(502, `${call} could not be used (${code})`, error);
}
