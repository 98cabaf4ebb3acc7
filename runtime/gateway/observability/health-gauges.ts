import { Gauge, type Registry } from 'prom-client';
import type { CircuitState } from '../instances/circuit.ts';
import type { InstanceHealth, InstanceState } from '../instances/instance.ts';
import type { Instances } from '../instances/instances.ts';
import type { PluginState } from '../instances/plugin-health.ts';
import type { PreparedTable } from '../table/prepared-table.ts';

const PLUGIN_STATES: readonly PluginState[] = ['HEALTHY', 'DEGRADED', 'UNAVAILABLE'];
const INSTANCE_STATES: readonly InstanceState[] = ['UNKNOWN', ...PLUGIN_STATES];
const CIRCUIT_STATES: readonly CircuitState[] = ['closed', 'half-open', 'open'];

/**
 * How plugins and their instances are, looked up when somebody asks: what is gone has no series. Each state is a series of
 * its own, 1 for the one that holds; of several processes, the share that sees it so.
 */
export function registerHealthGauges(
  registry: Registry,
  instances: Pick<Instances, 'healthOf' | 'connections'>,
  served: () => PreparedTable,
): void {
  const registers = [registry];
  new Gauge({
    name: 'plexica_plugin_state',
    help: 'Whether a plugin is in this state: 1 or 0.',
    labelNames: ['plugin', 'state'],
    registers,
    aggregator: 'average',
    collect() {
      this.reset();
      for (const plugin of served().plugins.keys()) {
        const current = instances.healthOf(plugin).state;
        for (const state of PLUGIN_STATES) this.set({ plugin, state }, Number(state === current));
      }
    },
  });
  instanceStates(
    'plexica_instance_state',
    'Whether an instance is in this state: 1 or 0.',
    INSTANCE_STATES,
    ({ state }) => state,
  );
  instanceStates(
    'plexica_circuit_state',
    'Whether the circuit of an instance is in this state: 1 or 0.',
    CIRCUIT_STATES,
    ({ circuit }) => circuit,
  );
  new Gauge({
    name: 'plexica_upstream_connections',
    help: 'Connections to an instance.',
    labelNames: ['plugin', 'instance', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { pluginId: plugin, instanceId: instance, busy, idle } of instances.connections()) {
        this.set({ plugin, instance, state: 'busy' }, busy);
        this.set({ plugin, instance, state: 'idle' }, idle);
      }
    },
  });

  function instanceStates<State extends string>(
    name: string,
    help: string,
    states: readonly State[],
    stateOf: (instance: InstanceHealth) => State,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: ['plugin', 'instance', 'state'],
      registers,
      aggregator: 'average',
      collect() {
        this.reset();
        for (const plugin of served().plugins.keys()) {
          for (const instance of instances.healthOf(plugin).instances) {
            const current = stateOf(instance);
            for (const state of states) {
              this.set({ plugin, instance: instance.id, state }, Number(state === current));
            }
          }
        }
      },
    });
  }
}
