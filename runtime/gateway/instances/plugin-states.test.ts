import { expect, it } from 'vitest';
import type { InstanceHealth } from './instance.ts';
import { createPluginStates } from './plugin-states.ts';

it('works out how a plugin is once, and again only after a change', () => {
  let asked = 0;
  let crm: InstanceHealth = { id: 'crm-1', state: 'HEALTHY', circuit: 'closed', source: 'configured' };
  const states = createPluginStates(
    (id) => {
      asked += 1;
      const requires = id === 'board' ? ['crm'] : [];
      const instances = id === 'crm' ? [crm] : [];
      return { hasBackend: id === 'crm', instances, requires, failsWithRequired: true };
    },
    (id) => (id === 'crm' ? [crm] : []),
  );
  for (let request = 0; request < 1_000; request += 1) {
    expect(states.outagesOf('board')).toEqual([]);
    expect(states.healthOf('board').state).toBe('HEALTHY');
    expect(states.healthOf('crm').state).toBe('HEALTHY');
  }
  expect(asked).toBeLessThan(20);

  // The time of a check is told although nothing has changed.
  crm = { ...crm, checkedAt: '2026-01-01T00:00:00.000Z' };
  expect(states.healthOf('crm').instances).toEqual([crm]);

  crm = { ...crm, state: 'UNAVAILABLE', reason: 'connection refused' };
  states.changed();
  expect(states.outagesOf('board')).toEqual([{ pluginId: 'crm', via: [], reasons: ['connection refused'] }]);
  expect(states.healthOf('board').state).toBe('UNAVAILABLE');
});
