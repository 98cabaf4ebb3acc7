import type { ServiceHealth } from './endpoint.ts';
import { isRecord } from './read-answer.ts';
import { ServiceCallError } from './service-call-error.ts';
import { type CallOptions, gatewayEndpoint, type Transport } from './transport.ts';

const TIMEOUT_MS = 5000;

/** Asks the gateway how a plugin is. Where it cannot say, the plugin cannot be called: UNAVAILABLE. */
export async function pluginHealth(
  sender: Transport,
  pluginId: string,
  headers: Readonly<Record<string, string>>,
  options: CallOptions,
): Promise<ServiceHealth> {
  try {
    const answer = await sender.send(
      gatewayEndpoint('GET', '/plugins/:id'),
      { method: 'GET', path: `/plugins/${encodeURIComponent(pluginId)}`, headers, body: undefined },
      { timeoutMs: TIMEOUT_MS, retry: false, ...options },
    );
    return readHealth(answer);
  } catch (error) {
    if (error instanceof ServiceCallError && error.code !== 'aborted') return unavailable(error.message);
    throw error;
  }
}

function readHealth(answer: unknown): ServiceHealth {
  if (!isRecord(answer)) return unavailable('the gateway says nothing of its health');
  const { state, reasons } = answer;
  const words = Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : [];
  if (state === 'HEALTHY' || state === 'DEGRADED' || state === 'UNAVAILABLE')
    return { state, reasons: words };
  return unavailable(`the gateway calls it ${JSON.stringify(state)}`, ...words);
}

function unavailable(...reasons: readonly string[]): ServiceHealth {
  return { state: 'UNAVAILABLE', reasons };
}
