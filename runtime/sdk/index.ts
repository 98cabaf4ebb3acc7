/** What generated Plexica clients and plugin backends import. */
export type { BoundGatewayClient } from './bound-gateway-client.ts';
export type {
  AnswerKind,
  Endpoint,
  Endpoints,
  List,
  Message,
  ServiceContract,
  ServiceHealth,
} from './endpoint.ts';
export type { HandledEvent } from './event-contexts.ts';
export { createGatewayClient, type GatewayClient, type GatewayClientOptions } from './gateway-client.ts';
export {
  type HealthPart,
  type HealthRouteOptions,
  healthRoute,
  infoRoute,
  type RouteHost,
} from './health-route.ts';
export {
  type HookContext,
  type HookDelivery,
  type HookHandler,
  type HookHandlers,
  type HookHost,
  HookRefusedError,
  registerHookRoutes,
} from './hook-routes.ts';
export { loadPluginConfig } from './load-plugin-config.ts';
export { type Page, paginate } from './paginate.ts';
export { pickMethods } from './pick-methods.ts';
export {
  type ConfigFieldSchema,
  type ConfigProblem,
  PluginConfigError,
  type PluginConfigSchema,
} from './plugin-config.ts';
export type { PluginIdentity, PluginService } from './plugin-service.ts';
export {
  type Registration,
  type RegistrationLog,
  type RegistrationOptions,
  registerWithGateway,
} from './register-with-gateway.ts';
export type { RetryOptions } from './retry.ts';
export type { ErrorAnswer, RouteDefinition, RouteDefinitions } from './route-definition.ts';
export { ServiceCallError, type ServiceCallFailure } from './service-call-error.ts';
export type { PluginServer } from './serving/plugin-server.ts';
export { type PluginSettings, readPluginSettings } from './serving/plugin-settings.ts';
export {
  type PreparedHost,
  type PrepareOptions,
  prepareServer,
  serverOptions,
} from './serving/prepare-server.ts';
export { type FailPlugin, runPlugin } from './serving/run-plugin.ts';
export { type ServedEvents, type ServedPlugin, servePlugin } from './serving/serve-plugin.ts';
export {
  type IncomingRequest,
  MissingTenantError,
  type TenantContext,
  tenantContext,
} from './tenant-context.ts';
export type { Timing, WaitOptions } from './timing.ts';
export type { CallOptions } from './transport.ts';
