import { EventBusError } from '../../errors.ts';
import type { GatewayPort } from './gateway-port.ts';

/** Why the gateway did not do what it was asked. */
export class GatewayCallError extends Error {
  override readonly name = 'GatewayCallError';
  /** 0 where no answer came. */
  readonly status: number;
  /** Of the gateway's catalogue; `network` where no answer came. */
  readonly code: string;

  constructor(message: string, status: number, code: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.status = status;
    this.code = code;
  }

  /** Whether the same call may succeed later. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** An answer that was asked for is given up after so long, in milliseconds. */
const PATIENCE = 15_000;

/**
 * Asks for an answer in the response envelope.
 *
 * @param body JSON text; without one it is a GET
 * @returns its `data`
 * @throws GatewayCallError
 */
export async function callGateway(gateway: GatewayPort, path: string, body?: string): Promise<unknown> {
  const response = await answerOf(gateway, path, {
    signal: AbortSignal.timeout(PATIENCE),
    ...(body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
  });
  return member(await jsonOf(response), 'data');
}

/**
 * An answer that is a success, of which nothing was read yet.
 *
 * @throws GatewayCallError
 */
export async function answerOf(gateway: GatewayPort, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await gateway.request(path, init);
  } catch (cause) {
    throw unreachable(cause);
  }
  if (response.ok) return response;
  const body = await jsonOf(response).catch(() => undefined);
  const { status } = response;
  const [error, code] = [member(body, 'error'), member(body, 'code')];
  throw new GatewayCallError(
    typeof error === 'string' ? error : `the gateway answered ${status}`,
    status,
    typeof code === 'string' ? code : `http-${status}`,
  );
}

/** What a publisher, or whoever starts a bus, is told. */
export function busErrorOf(error: unknown): EventBusError {
  if (error instanceof EventBusError) return error;
  const mayPass = !(error instanceof GatewayCallError) || error.mayPass;
  const words = error instanceof Error ? error.message : String(error);
  return new EventBusError(
    mayPass ? 'transport-unavailable' : 'transport-refused',
    mayPass ? `the gateway does not take events now: ${words}` : `the gateway refuses: ${words}`,
    { cause: error },
  );
}

export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  // An own property of an object can be read by its name.
  return (value as Record<string, unknown>)[name];
}

async function jsonOf(response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw unreachable(cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Somebody in between that is not the gateway.
    throw new GatewayCallError('the answer is not that of a Plexica gateway', 0, 'bad-answer', cause);
  }
}

/** The system's word for it, such as ECONNREFUSED; no address. */
function unreachable(error: unknown): GatewayCallError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = member(cause, 'code');
  const word = typeof code === 'string' ? ` (${code})` : '';
  return new GatewayCallError(`it cannot be reached${word}`, 0, 'network', error);
}
