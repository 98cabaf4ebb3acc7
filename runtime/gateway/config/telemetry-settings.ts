import type { Environment, LogSettings, TelemetrySettings } from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { LogConfig, TelemetryConfig } from './gateway-config.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

const SERVICE_NAME = 'plexica-gateway';
const LOG_LEVEL = 'info';

/** @throws SetupError for a collector that is no URL */
export function telemetryOf(
  { otlp, serviceName, sample }: TelemetrySettings,
  { at }: WorkspaceDocument,
): TelemetryConfig {
  if (!URL.canParse(otlp)) {
    throw new SetupError(`${at('telemetry', 'otlp')}: telemetry.otlp is not a URL: ${otlp}`);
  }
  return { otlp: new URL(otlp), serviceName: serviceName ?? SERVICE_NAME, sample: sample ?? 1 };
}

/** The environment's `LOG_LEVEL` wins. */
export function logOf({ level, access }: LogSettings, environment: Environment): LogConfig {
  return { level: environment.LOG_LEVEL ?? level ?? LOG_LEVEL, access: access ?? true };
}
