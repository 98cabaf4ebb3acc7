import type { Rule } from './rule.ts';
import { configDefault } from './rules/config-default.ts';
import { configOptions } from './rules/config-options.ts';
import { configValidation } from './rules/config-validation.ts';
import { coreEventPublished } from './rules/core-event-published.ts';
import { dependencyCycle } from './rules/dependency-cycle.ts';
import { duplicateConfigKey } from './rules/duplicate-config-key.ts';
import { duplicateDependency } from './rules/duplicate-dependency.ts';
import { duplicateEvent } from './rules/duplicate-event.ts';
import { duplicatePermission } from './rules/duplicate-permission.ts';
import { duplicatePluginId } from './rules/duplicate-plugin-id.ts';
import { duplicateService } from './rules/duplicate-service.ts';
import { endpointContradiction } from './rules/endpoint-contradiction.ts';
import { eventContradiction } from './rules/event-contradiction.ts';
import { eventOwnerConflict } from './rules/event-owner-conflict.ts';
import { eventsWithoutBackend } from './rules/events-without-backend.ts';
import { forbiddenRef } from './rules/forbidden-ref.ts';
import { gatewaySetting } from './rules/gateway-setting.ts';
import { identifierCollision } from './rules/identifier-collision.ts';
import { ignoredDefault } from './rules/ignored-default.ts';
import { invalidJsonSchema } from './rules/invalid-json-schema.ts';
import { invalidVersion } from './rules/invalid-version.ts';
import { invalidVersionRange } from './rules/invalid-version-range.ts';
import { missingRequiredPlugin } from './rules/missing-required-plugin.ts';
import { noUpstream } from './rules/no-upstream.ts';
import { pathParameters } from './rules/path-parameters.ts';
import { pathSyntax } from './rules/path-syntax.ts';
import { pluginConflict } from './rules/plugin-conflict.ts';
import { refCycle } from './rules/ref-cycle.ts';
import { requestParameters } from './rules/request-parameters.ts';
import { requiresAuth } from './rules/requires-auth.ts';
import { reservedPluginId } from './rules/reserved-plugin-id.ts';
import { routeConflict } from './rules/route-conflict.ts';
import { schemaSize } from './rules/schema-size.ts';
import { unknownEndpoint } from './rules/unknown-endpoint.ts';
import { unknownEvent } from './rules/unknown-event.ts';
import { unknownOptionalPlugin } from './rules/unknown-optional-plugin.ts';
import { unknownPermission } from './rules/unknown-permission.ts';
import { unknownPlugin } from './rules/unknown-plugin.ts';
import { unknownService } from './rules/unknown-service.ts';
import { unknownUpstream } from './rules/unknown-upstream.ts';
import { unresolvedRef } from './rules/unresolved-ref.ts';
import { unsafePattern } from './rules/unsafe-pattern.ts';
import { versionNotSatisfied } from './rules/version-not-satisfied.ts';
import { websocketEndpoint } from './rules/websocket-endpoint.ts';

/** Every rule, in the order of their codes. */
export const rules: readonly Rule[] = [
  duplicatePluginId,
  unknownService,
  unknownPlugin,
  unknownOptionalPlugin,
  unknownEndpoint,
  versionNotSatisfied,
  missingRequiredPlugin,
  pluginConflict,
  dependencyCycle,
  duplicateService,
  unknownPermission,
  unresolvedRef,
  forbiddenRef,
  refCycle,
  unknownUpstream,
  duplicateDependency,
  unknownEvent,
  coreEventPublished,
  eventOwnerConflict,
  routeConflict,
  pathSyntax,
  pathParameters,
  endpointContradiction,
  reservedPluginId,
  invalidVersion,
  invalidVersionRange,
  duplicateConfigKey,
  configDefault,
  configOptions,
  configValidation,
  duplicatePermission,
  requestParameters,
  invalidJsonSchema,
  schemaSize,
  identifierCollision,
  requiresAuth,
  noUpstream,
  unsafePattern,
  ignoredDefault,
  websocketEndpoint,
  gatewaySetting,
  duplicateEvent,
  eventContradiction,
  eventsWithoutBackend,
];
