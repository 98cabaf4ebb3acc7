import { pluginAnalyticsDependencies } from '@plexica/generated/clients/plugin-analytics';
import type { GatewayClient, IncomingRequest } from '@plexica/sdk';
import { crmUnavailable, explainCallError } from '../report-error.ts';
import type { ReportContent } from '../types/index.ts';
import { countCrm } from './count-crm.ts';

/** An incoming request, and the signal that fires when nobody waits for its answer any more. */
export interface ReportRequest extends IncomingRequest {
  readonly signal: AbortSignal;
}

/**
 * Counts the CRM data of the tenant whose request this is. When one call fails, those under way are given up.
 *
 * @throws ReportError where the CRM or the gateway fails
 * @throws MissingTenantError where the request did not come through the gateway
 */
export async function countForRequest(
  gateway: GatewayClient,
  request: ReportRequest,
  timeoutMs: number,
): Promise<ReportContent> {
  const ended = new AbortController();
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs), ended.signal]);
  const dependencies = pluginAnalyticsDependencies(gateway.forRequest(request, { signal }));
  try {
    const { state, reasons } = await dependencies.crm.contacts.health();
    if (state === 'UNAVAILABLE') throw crmUnavailable(reasons);
    return await countCrm(dependencies);
  } catch (error) {
    throw explainCallError(error);
  } finally {
    ended.abort();
  }
}
