import type { GatewayConfig } from '../config/gateway-config.ts';
import { textOf } from './setting-text.ts';

export interface KeptSettings {
  readonly config: GatewayConfig;
  /** Names of the settings that would be others, and wait for a restart. */
  readonly waiting: readonly string[];
}

/** The next configuration, with the settings of the present one that cannot change while the gateway runs. */
export function keepStartingSettings(present: GatewayConfig, next: GatewayConfig): KeptSettings {
  const { host, port, stateFolder, keysFile, workers, telemetry, events } = present;
  const rateLimits = { ...next.rateLimits, redis: present.rateLimits.redis };
  const wanted = startingSettings(next);
  const waiting = [...startingSettings(present)]
    .filter(([name, value]) => textOf(value) !== textOf(wanted.get(name)))
    .map(([name]) => name);
  const kept = { host, port, stateFolder, keysFile, workers, telemetry, events, rateLimits };
  return { config: { ...next, ...kept }, waiting };
}

/** Settings that are used when the gateway starts, and never again, by their names in plexica.yaml. */
function startingSettings(config: GatewayConfig): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['gateway.host', config.host],
    ['gateway.port', config.port],
    ['gateway.state', config.stateFolder],
    ['gateway.keys', config.keysFile],
    ['gateway.workers', config.workers],
    ['telemetry', config.telemetry],
    ['events', config.events],
    ['rateLimits.redis', config.rateLimits.redis],
  ]);
}

/** All other settings, by their names in the configuration. */
export function changeableSettings(config: GatewayConfig): ReadonlyMap<string, unknown> {
  const { host, port, stateFolder, keysFile, workers, telemetry, events, rateLimits, ...others } = config;
  const { redis, ...limits } = rateLimits;
  return new Map<string, unknown>([...Object.entries(others), ['rateLimits', limits]]);
}
