import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANALYTICS, CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { type Exposed, parseExposition } from './testing/parse-exposition.ts';

const PAGE = new URL('../../../docs/metrics.md', import.meta.url);
const ROW = /^\| `(\w+)` +\| (counter|gauge|histogram) +\| (.*?) *\|/;

let plugin: TestPlugin;
let gateway: TestGateway;
let exposed: Exposed;
let rows: ReadonlyMap<string, { readonly type: string; readonly labels: readonly string[] }>;
beforeAll(async () => {
  plugin = await startPlugin();
  const events = ['crm.contact.created'];
  gateway = await startGateway({
    plugins: [
      { ...CRM, publishes: events },
      { ...ANALYTICS, subscribes: events },
    ],
    upstreams: { 'plugin-crm': plugin.url },
  });
  const { metrics } = gateway.context;
  // One of each, so that all series show their labels.
  const request = {
    pluginId: 'plugin-crm',
    endpoint: 'GET /public',
    caller: 'user',
    status: 200,
    seconds: 1,
  };
  metrics.answered(request);
  metrics.refused('plugin-busy', 'plugin-crm');
  metrics.retried('plugin-crm', true);
  metrics.contractDiffers('plugin-analytics', 'crm.contacts');
  metrics.validationFailed('plugin-crm', 'body');
  metrics.eventPublished('plugin-crm', 'crm.contact.created');
  metrics.eventsSettled('plugin-analytics', 1);
  metrics.eventFailed('hooks:plugin-analytics');
  metrics.eventGivenUp('plugin-analytics', 'handler-failed');
  exposed = parseExposition((await metrics.expose()).text);
  const page = await readFile(PAGE, 'utf8');
  rows = new Map(
    page.split('\n').flatMap((line) => {
      const [, name, type = '', labels = ''] = ROW.exec(line) ?? [];
      if (name === undefined) return [];
      return [[name, { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label ?? '') }]];
    }),
  );
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

describe('docs/metrics.md and the registry agree', () => {
  it('on the names', () => {
    const ours = (names: Iterable<string>) => [...names].filter((name) => name.startsWith('plexica_')).sort();
    expect(ours(rows.keys())).toEqual(ours(exposed.metrics.keys()));
    // Some of Node's own depend on the system.
    expect([...exposed.metrics.keys()].filter((name) => !rows.has(name))).toEqual([]);
  });

  it('on types and labels', () => {
    for (const [name, { type, samples }] of exposed.metrics) {
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
      if (type === 'histogram') labels.delete('le');
      expect([name, rows.get(name)?.type]).toEqual([name, type]);
      if (samples.length > 0)
        expect([name, [...(rows.get(name)?.labels ?? [])].sort()]).toEqual([name, [...labels].sort()]);
      else expect(name).toMatch(/^nodejs_/);
    }
  });
});
