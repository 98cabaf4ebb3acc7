import type { Service, ServiceEndpoint } from './program.ts';

/** The endpoints for which a service's client has a method: a WebSocket connection is no call with one answer. */
export function calledEndpoints({ endpoints }: Service): ServiceEndpoint[] {
  return endpoints.filter(({ route }) => !route.webSocket);
}
