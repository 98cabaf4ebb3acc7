import { type CircuitSettings, type HealthSettings, milliseconds, type RetrySettings } from '@plexica/types';
import type { CircuitConfig, HealthConfig, RetryConfig } from './gateway-config.ts';
import { positiveDuration } from './positive-duration.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

const HEALTH = { interval: '5s', timeout: '1s', slow: '500ms', rise: 2, fall: 3 } as const;
const CIRCUIT = { failures: 5, window: '10s', open: '5s' } as const;
const RETRY_BUDGET = 0.2;

/** @throws SetupError for an interval or a time limit of nothing */
export function healthOf(health: HealthSettings, { at }: WorkspaceDocument): HealthConfig {
  const { interval, timeout, slow, rise, fall } = { ...HEALTH, ...health };
  return {
    interval: positiveDuration(interval, 'health.interval', at('health', 'interval')),
    timeout: positiveDuration(timeout, 'health.timeout', at('health', 'timeout')),
    slow: milliseconds(slow),
    rise,
    fall,
  };
}

/** @throws SetupError for a time of nothing */
export function circuitOf(circuit: CircuitSettings, { at }: WorkspaceDocument): CircuitConfig {
  const { failures, window, open } = { ...CIRCUIT, ...circuit };
  return {
    failures,
    window: positiveDuration(window, 'circuit.window', at('circuit', 'window')),
    open: positiveDuration(open, 'circuit.open', at('circuit', 'open')),
  };
}

export function retryOf({ budget = RETRY_BUDGET }: RetrySettings): RetryConfig {
  return { budget };
}
