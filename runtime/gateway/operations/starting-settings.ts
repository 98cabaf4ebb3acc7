import type { GatewayConfig, TelemetryConfig } from '../config/gateway-config.ts';
import { textOf } from './setting-text.ts';

/**
 * What is used when a gateway starts, and never again, as plain JSON: all its processes have it in common, also one that
 * starts when the file says something else.
 */
export interface StartingSettings
  extends Pick<GatewayConfig, 'host' | 'port' | 'stateFolder' | 'keysFile' | 'workers' | 'events'> {
  readonly telemetry: (Omit<TelemetryConfig, 'otlp'> & { readonly otlp: string }) | null;
  /** Of `rateLimits`. */
  readonly redis: string | null;
}

export interface KeptSettings {
  readonly config: GatewayConfig;
  /** Names of the settings that would be others, and wait for a restart. */
  readonly waiting: readonly string[];
}

/** The next configuration, with the settings of the present one that cannot change while the gateway runs. */
export function keepStartingSettings(present: GatewayConfig, next: GatewayConfig): KeptSettings {
  const kept = startingSettingsOf(present);
  const wanted = namesOf(startingSettingsOf(next));
  const waiting = [...namesOf(kept)]
    .filter(([name, value]) => textOf(value) !== textOf(wanted.get(name)))
    .map(([name]) => name);
  return { config: withStartingSettings(next, kept), waiting };
}

export function startingSettingsOf(config: GatewayConfig): StartingSettings {
  const { host, port, stateFolder, keysFile, workers, events, telemetry, rateLimits } = config;
  return {
    host,
    port,
    stateFolder,
    keysFile,
    workers,
    events,
    telemetry: telemetry === undefined ? null : { ...telemetry, otlp: telemetry.otlp.href },
    redis: rateLimits.redis?.href ?? null,
  };
}

export function withStartingSettings(config: GatewayConfig, settings: StartingSettings): GatewayConfig {
  const { telemetry, redis, ...others } = settings;
  return {
    ...config,
    ...others,
    telemetry: telemetry === null ? undefined : { ...telemetry, otlp: new URL(telemetry.otlp) },
    rateLimits: { ...config.rateLimits, redis: redis === null ? undefined : new URL(redis) },
  };
}

/** By their names in plexica.yaml. */
function namesOf(settings: StartingSettings): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['gateway.host', settings.host],
    ['gateway.port', settings.port],
    ['gateway.state', settings.stateFolder],
    ['gateway.keys', settings.keysFile],
    ['gateway.workers', settings.workers],
    ['telemetry', settings.telemetry],
    ['events', settings.events],
    ['rateLimits.redis', settings.redis],
  ]);
}

/** All other settings, by their names in the configuration. */
export function changeableSettings(config: GatewayConfig): ReadonlyMap<string, unknown> {
  const { host, port, stateFolder, keysFile, workers, telemetry, events, rateLimits, ...others } = config;
  const { redis, ...limits } = rateLimits;
  return new Map<string, unknown>([...Object.entries(others), ['rateLimits', limits]]);
}
