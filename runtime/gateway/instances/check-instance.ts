import { errors } from 'undici';
import { askInstance } from './ask-instance.ts';
import { assessReport } from './assess-report.ts';
import type { CheckOutcome } from './health-state.ts';
import { ownFault } from './own-fault.ts';

/** A health report is small; anything above this is something else. */
const LARGEST_REPORT = 64 * 1024;

export interface Check {
  readonly origin: string;
  /** The health path, behind the base URL's own path. */
  readonly path: string;
  readonly timeoutMs: number;
  /** Ends the check early; it then rejects. */
  readonly signal: AbortSignal;
}

/** Asks one instance how it is. Reasons never tell the address. */
export async function checkInstance(check: Check): Promise<CheckOutcome> {
  try {
    const { statusCode, text } = await askInstance({ ...check, maxBytes: LARGEST_REPORT });
    return statusCode === 200 ? assessReport(text) : failed(wordsForStatus(statusCode));
  } catch (error) {
    check.signal.throwIfAborted();
    return wordsForError(error, check.timeoutMs);
  }
}

function wordsForStatus(status: number): string {
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
  return `its health check answered ${status}${redirect}`;
}

function wordsForError(error: unknown, timeoutMs: number): CheckOutcome {
  if (error instanceof Error && error.name === 'TimeoutError')
    return failed(`no answer within ${timeoutMs} ms`);
  const code = codeOf(error);
  const own = ownFault(code);
  if (own !== undefined) return { kind: 'not-asked', reason: own };
  switch (code) {
    case 'ECONNREFUSED':
      return gone('connection refused');
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return gone('connection closed without an answer');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed('its host name cannot be resolved');
    case 'EADDRFORBIDDEN':
      return failed('its host name leads to a link-local address, which is not allowed');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failed('its host cannot be reached');
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return failed(`no connection within ${timeoutMs} ms`);
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
      return failed(`its health answer is larger than ${LARGEST_REPORT / 1024} KiB`);
  }
  if (error instanceof errors.HTTPParserError) return failed('its answer is not HTTP');
  if (code?.includes('CERT') || code?.includes('TLS') || code?.includes('SSL')) {
    return failed(`its TLS certificate or protocol is not accepted (${code})`);
  }
  return failed(`the health check failed (${code ?? 'unknown error'})`);
}

/** A name with several addresses fails with one error that holds one per address. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function failed(reason: string): CheckOutcome {
  return { kind: 'failed', reason, gone: false };
}

function gone(reason: string): CheckOutcome {
  return { kind: 'failed', reason, gone: true };
}
