import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayStatus, PluginStatus } from '../../runtime/gateway/operations/gateway-status.ts';
import {
  createItemWorkspace,
  type ItemSettings,
  type ItemWorkspace,
  type RunningGateway,
} from '../support/item-workspace.ts';
import type { ProgramOptions, RunningProgram } from '../support/run-program.ts';
import { type Load, type LoadOptions, type Outcome, startLoad } from './fault-load.ts';
import { type FaultyInstance, type FaultyInstanceOptions, startFaultyInstance } from './faulty-instance.ts';

/** What all faults begin with: a workspace of two plugins, compiled once. */
export interface FaultGround {
  readonly workspace: ItemWorkspace;
  readonly token: string;
}

/** A gateway, and the plugins that register at it, for one fault. */
export interface FaultStage {
  readonly folder: string;
  /** Of a user who may everything. */
  readonly token: string;
  /** The present one. */
  readonly gateway: RunningGateway;
  /** Starts the gateway anew at the same port; the one before has ended. */
  restartGateway(args?: readonly string[]): Promise<void>;
  /** Resolves when it serves, once the gateway knows it. */
  instance(options?: Partial<FaultyInstanceOptions>): Promise<FaultyInstance>;
  /** The same, and does not wait for the gateway. */
  instanceAlone(options?: Partial<FaultyInstanceOptions>): Promise<FaultyInstance>;
  load(options?: Partial<LoadOptions> & { readonly pluginId?: string }): Load;
  status(): Promise<GatewayStatus>;
  plugin(pluginId?: string): Promise<PluginStatus | undefined>;
  /** PUTs that a client was told were done, and that no plugin has written down. */
  lostWrites(outcomes: readonly Outcome[]): Promise<number>;
  close(): Promise<void>;
}

export interface FaultStageOptions {
  readonly settings?: ItemSettings;
  readonly args?: readonly string[];
  readonly program?: ProgramOptions;
}

const PLUGINS = ['plugin-items', 'plugin-bystander'] as const;

/** Short times, so that a fault is over soon, and long enough for a machine that has other work. */
const SETTINGS = {
  gateway: { port: 0, timeout: '3s', drain: '1s' },
  health: { interval: '200ms', timeout: '1s', slow: '900ms', rise: 1, fall: 2 },
  circuit: { failures: 5, window: '2s', open: '300ms' },
  limits: { maxConcurrent: 64, maxQueue: 64, queueTimeout: '500ms' },
  log: { access: false },
} as const satisfies ItemSettings;

/** For faults that last until somebody loses patience. */
export const IMPATIENT = { gateway: { ...SETTINGS.gateway, timeout: '1s' } } as const satisfies ItemSettings;

export async function prepareFaultGround(): Promise<FaultGround> {
  const workspace = await createItemWorkspace(SETTINGS, PLUGINS);
  return { workspace, token: await workspace.token() };
}

export async function openFaultStage(
  { workspace: original, token }: FaultGround,
  { settings = {}, args = [], program = {} }: FaultStageOptions = {},
): Promise<FaultStage> {
  const workspace = await original.copy(settings);
  const journal = join(workspace.folder, 'journal');
  const started: RunningProgram[] = [];
  const loads: Load[] = [];
  let gateway = await workspace.startGateway(args, program);
  const port = new URL(gateway.url).port;
  started.push(gateway);

  const instanceAlone: FaultStage['instanceAlone'] = async (options) => {
    const instance = await startFaultyInstance({ gatewayUrl: gateway.url, journal, ...options });
    started.push(instance);
    return instance;
  };
  return {
    folder: workspace.folder,
    token,
    get gateway() {
      return gateway;
    },
    async restartGateway(more = args) {
      gateway = await workspace.startGateway([...more, '--port', port], program);
      started.push(gateway);
    },
    async instance(options) {
      const from = gateway.written();
      const instance = await instanceAlone(options);
      await instance.printed(/^registered$/m);
      await gateway.printed(/ was \w+ and is HEALTHY/, from);
      return instance;
    },
    instanceAlone,
    load({ pluginId = 'plugin-items', ...options } = {}) {
      const load = startLoad({ url: `${gateway.api}/${pluginId}`, token, connections: 16, ...options });
      loads.push(load);
      return load;
    },
    status,
    async plugin(pluginId = 'plugin-items') {
      const { processes } = await status();
      return processes[0]?.plugins.find(({ id }) => id === pluginId);
    },
    async lostWrites(outcomes) {
      const kept = new Set((await readFile(journal, 'utf8').catch(() => '')).split('\n'));
      return outcomes.filter(
        ({ method, status, id }) => method === 'PUT' && status >= 200 && status < 300 && !kept.has(id),
      ).length;
    },
    async close() {
      await Promise.all(loads.map((load) => load.stop()));
      await Promise.all(started.map((one) => one.stop('SIGKILL')));
      await workspace.remove();
    },
  };

  async function status(): Promise<GatewayStatus> {
    const answer = await fetch(`${gateway.api}/admin/status`, {
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    });
    const { data } = (await answer.json()) as { data: GatewayStatus };
    return data;
  }
}
