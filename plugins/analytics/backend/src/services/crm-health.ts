import { type GatewayClient, ServiceCallError } from '@plexica/sdk';

/** The gateway's own word on a plugin: there is no edge to declare for it. */
const getPlugin = {
  pluginId: '',
  service: 'gateway',
  method: 'GET',
  path: '/plugins/:id',
  answer: 'data',
  idempotent: true,
} as const;

/** How the CRM is, in a word for `/health`. */
export async function crmHealth(gateway: GatewayClient): Promise<string> {
  const request = { method: 'GET', path: '/plugins/plugin-crm', headers: {}, body: undefined } as const;
  try {
    const answer = await gateway.send(getPlugin, request, { timeoutMs: 400, retry: false });
    const state =
      typeof answer === 'object' && answer !== null && 'state' in answer ? answer.state : undefined;
    return typeof state === 'string' ? state.toLowerCase() : 'unknown';
  } catch (error) {
    if (error instanceof ServiceCallError) return `unknown: ${error.code}`;
    throw error;
  }
}
