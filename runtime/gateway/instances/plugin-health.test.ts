import { describe, expect, it } from 'vitest';
import type { InstanceHealth, InstanceState } from './instance.ts';
import { outagesOf, type PluginParts, type PluginState, pluginHealth } from './plugin-health.ts';

/** By plugin id: the states of its instances, what it requires, and whether it fails with that. */
type Fleet = Readonly<
  Record<string, { instances: readonly InstanceState[]; requires?: readonly string[]; fails?: boolean }>
>;

describe('pluginHealth', () => {
  it.each<[string, readonly InstanceState[], PluginState, readonly string[]]>([
    ['no instance', [], 'UNAVAILABLE', ['no instance is configured or registered']],
    ['one that is not known yet', ['UNKNOWN'], 'UNAVAILABLE', ['because UNKNOWN']],
    ['one that is well', ['HEALTHY'], 'HEALTHY', []],
    ['one that is impaired', ['DEGRADED'], 'DEGRADED', ['because DEGRADED']],
    ['one that is out', ['UNAVAILABLE'], 'UNAVAILABLE', ['because UNAVAILABLE']],
    ['one of each', ['HEALTHY', 'DEGRADED', 'UNAVAILABLE'], 'HEALTHY', []],
    [
      'none that is well',
      ['DEGRADED', 'UNAVAILABLE'],
      'DEGRADED',
      ['a-1: because DEGRADED', 'a-2: because UNAVAILABLE'],
    ],
  ])('%s', (_name, instances, state, reasons) => {
    expect(healthOf('a', { a: { instances } })).toMatchObject({ state, reasons });
  });

  it.each<[string, Fleet, PluginState, readonly string[]]>([
    [
      'a required plugin that is out degrades',
      { a: { instances: ['HEALTHY'], requires: ['b'] }, b: { instances: ['UNAVAILABLE'] } },
      'DEGRADED',
      ['b is UNAVAILABLE: because UNAVAILABLE'],
    ],
    [
      'the chain of reasons reaches to the cause',
      {
        a: { instances: ['HEALTHY'], requires: ['b'] },
        b: { instances: ['HEALTHY'], requires: ['c'] },
        c: { instances: [] },
      },
      'DEGRADED',
      ['b is DEGRADED: c is UNAVAILABLE: no instance is configured or registered'],
    ],
    [
      'its own reasons come first',
      { a: { instances: ['DEGRADED'], requires: ['b'] }, b: { instances: ['DEGRADED'] } },
      'DEGRADED',
      ['because DEGRADED', 'b is DEGRADED: because DEGRADED'],
    ],
    [
      'a plugin that is out itself is not explained by others',
      { a: { instances: ['UNAVAILABLE'], requires: ['b'] }, b: { instances: ['UNAVAILABLE'] } },
      'UNAVAILABLE',
      ['because UNAVAILABLE'],
    ],
    [
      'required plugins that are well change nothing',
      {
        a: { instances: ['HEALTHY'], requires: ['b'] },
        b: { instances: ['HEALTHY', 'UNAVAILABLE'] },
      },
      'HEALTHY',
      [],
    ],
    [
      'a plugin that is not in the table',
      { a: { instances: ['HEALTHY'], requires: ['gone'] } },
      'DEGRADED',
      ['gone is UNAVAILABLE: it is not in the route table'],
    ],
    [
      'a cycle of healthy plugins',
      {
        a: { instances: ['HEALTHY'], requires: ['b'] },
        b: { instances: ['HEALTHY'], requires: ['a', 'b'] },
      },
      'HEALTHY',
      [],
    ],
    [
      'a cycle with one that is out',
      {
        a: { instances: ['HEALTHY'], requires: ['b'] },
        b: { instances: ['UNAVAILABLE'], requires: ['a'] },
      },
      'DEGRADED',
      ['b is UNAVAILABLE: because UNAVAILABLE'],
    ],
    [
      'a plugin that fails with those that it requires',
      {
        a: { instances: ['HEALTHY'], requires: ['b'], fails: true },
        b: { instances: ['HEALTHY'], requires: ['c'] },
        c: { instances: ['UNAVAILABLE'] },
      },
      'UNAVAILABLE',
      ['b is DEGRADED: c is UNAVAILABLE: because UNAVAILABLE'],
    ],
    [
      'fails with none that is DEGRADED',
      {
        a: { instances: ['HEALTHY'], requires: ['b'], fails: true },
        b: { instances: ['DEGRADED'] },
      },
      'DEGRADED',
      ['b is DEGRADED: because DEGRADED'],
    ],
    [
      'one that requires a plugin which fails is degraded',
      {
        a: { instances: ['HEALTHY'], requires: ['b'] },
        b: { instances: ['HEALTHY'], requires: ['c'], fails: true },
        c: { instances: [] },
      },
      'DEGRADED',
      ['b is UNAVAILABLE: c is UNAVAILABLE: no instance is configured or registered'],
    ],
  ])('%s', (_name, fleet, state, reasons) => {
    expect(healthOf('a', fleet)).toMatchObject({ state, reasons });
  });

  it('a plugin without a backend has nothing that could fail', () => {
    const parts = { hasBackend: false, instances: [], requires: [], failsWithRequired: false };
    expect(pluginHealth('a', () => parts)).toMatchObject({ state: 'HEALTHY', reasons: [] });
  });

  it('layers of plugins that require each other do not multiply reasons', () => {
    const fleet: Record<string, { instances: InstanceState[]; requires: string[] }> = {};
    for (let layer = 0; layer < 30; layer += 1) {
      for (const side of ['x', 'y', 'z']) {
        const requires = layer === 29 ? ['root'] : ['x', 'y', 'z'].map((next) => `${next}${layer + 1}`);
        fleet[`${side}${layer}`] = { instances: ['HEALTHY'], requires };
      }
    }
    fleet.root = { instances: ['UNAVAILABLE'], requires: [] };
    const { state, reasons } = healthOf('x0', fleet);
    expect(state).toBe('DEGRADED');
    expect(reasons).toHaveLength(11);
    expect(reasons[0]).toMatch(
      /^x1 is DEGRADED: x2 is DEGRADED: .* root is UNAVAILABLE: because UNAVAILABLE$/,
    );
  });
});

it('outages are the causes, nearest first, with the way that leads there', () => {
  const fleet: Fleet = {
    a: { instances: ['HEALTHY'], requires: ['b', 'd'] },
    b: { instances: ['HEALTHY'], requires: ['c', 'a'], fails: true },
    c: { instances: ['UNAVAILABLE'], requires: ['gone'] },
    d: { instances: ['DEGRADED'] },
  };
  expect(outagesOf('a', (id) => partsOf(id, fleet))).toEqual([
    { pluginId: 'c', via: ['b'], reasons: ['because UNAVAILABLE'] },
    { pluginId: 'gone', via: ['b', 'c'], reasons: ['it is not in the route table'] },
  ]);
  expect(outagesOf('d', (id) => partsOf(id, fleet))).toEqual([]);
});

function healthOf(pluginId: string, fleet: Fleet) {
  return pluginHealth(pluginId, (id) => partsOf(id, fleet));
}

function partsOf(id: string, fleet: Fleet): PluginParts | undefined {
  const plugin = fleet[id];
  if (plugin === undefined) return undefined;
  const instances = plugin.instances.map((state, index): InstanceHealth => {
    const reason = state === 'HEALTHY' ? {} : { reason: `because ${state}` };
    return { id: `${id}-${index + 1}`, state, circuit: 'closed', source: 'configured', ...reason };
  });
  const { requires = [], fails = false } = plugin;
  return { hasBackend: true, instances, requires, failsWithRequired: fails };
}
