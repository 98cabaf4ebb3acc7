import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from './support/run-program.ts';

const WORKSPACES = {
  'the example plugins': REPOSITORY,
  'manifests that try to become code': join(REPOSITORY, 'compiler/emit/fixtures/hostile'),
};

/** What must compile, and what must not: tsc reports an expected error that does not come. */
const TYPE_TESTS = `
import { createEventBus, type DomainEvent, type EventData, EventHandler, type EventName } from '@plexica/event-bus';
import type { List } from '@plexica/sdk';
import { pluginAnalyticsDependencies } from './generated/clients/plugin-analytics.ts';
import { pluginAnalyticsEvents } from './generated/events/plugin-analytics.ts';
import { pluginCrmEvents } from './generated/events/plugin-crm.ts';
import type { SampleAnalyticsHooks } from './generated/events/sample-analytics.ts';
import type { Contact } from './generated/schemas/plugin-crm.ts';
import type { PluginCrmConfig, Routes } from './generated/plugins/plugin-crm.ts';

declare const gateway: Parameters<typeof pluginAnalyticsDependencies>[0];
const { crm } = pluginAnalyticsDependencies(gateway);

export const page: Promise<List<Contact>> = crm.contacts.list({ take: 10 });
export const all = crm.contacts.list();
export const stage: Routes['createDeal']['Body']['stage'] = 'won';
export const config: PluginCrmConfig['defaultCurrency'] = 'EUR';

declare const transport: Parameters<typeof createEventBus>[0]['transport'];
const bus = createEventBus({ events: pluginAnalyticsEvents, transport });
bus.on('crm.contact.created', ({ data }) => data.email.toUpperCase());
export const published = createEventBus({ events: pluginCrmEvents, transport }).publish('crm.contact.deleted', { id: '1' });
export const stageChange: EventData<'crm.deal.stage-changed'>['to'] = 'won';
export const called: SampleAnalyticsHooks['api.request']['caller']['kind'] = 'user';
export const publisher: 'plugin-crm' = pluginAnalyticsEvents.subscribes['crm.contact.deleted'].publishers[0];

export class Handlers {
  @EventHandler('crm.deal.stage-changed')
  async onStageChanged(event: DomainEvent<{ id: string; from: string }>) {
    return event.data.from;
  }

  // @ts-expect-error a payload of another type
  @EventHandler('crm.deal.stage-changed')
  async onWrongPayload(event: DomainEvent<{ id: number }>) {
    return event.data.id;
  }
}

// @ts-expect-error an event that nobody publishes
bus.on('crm.contact.create', () => undefined);
// @ts-expect-error an event that comes as a hook, and not over the bus
export const hooked: EventName = 'user.login';
// @ts-expect-error a payload that lacks what the schema asks for
bus.publish('crm.contact.created', { id: '1' });
// @ts-expect-error a query parameter of another type
crm.contacts.list({ take: 'ten' });
// @ts-expect-error no such query parameter
crm.contacts.list({ tak: 10 });
// @ts-expect-error an endpoint of the service on which the manifest declares no edge
crm.contacts.create({ body: { name: 'Ada', email: 'ada@example.com' } });
// @ts-expect-error a service that the manifest does not name
crm.invoices.list();
// @ts-expect-error no stage of that name
export const wrongStage: Routes['createDeal']['Body']['stage'] = 'lost-and-found';
`;

describe.each(Object.entries(WORKSPACES))(
  'the code generated for %s',
  { timeout: 60_000 },
  (_, workspace) => {
    let folder: string;

    beforeAll(() => {
      // Below the repository, so that the generated imports resolve.
      mkdirSync(join(REPOSITORY, '.cache'), { recursive: true });
      folder = mkdtempSync(join(REPOSITORY, '.cache/generated-code-'));
      for (const file of globSync('plugins/*/plugin.json', { cwd: workspace })) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), withoutRefusedNames(readFileSync(join(workspace, file), 'utf8')));
      }
      writeFileSync(join(folder, 'plexica.yaml'), "plugins: ['plugins/*/plugin.json']\nout: generated\n");
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ extends: '../../tsconfig.json', include: ['**/*.ts'], exclude: [] }),
      );
      const built = run('node', [
        'compiler/bin/plexica.js',
        'build',
        '--config',
        join(folder, 'plexica.yaml'),
      ]);
      expect(built).toMatchObject({ status: 0 });
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('compiles with the repository’s strict flags, and refuses what the manifests do not offer', () => {
      if (workspace === REPOSITORY) writeFileSync(join(folder, 'types.ts'), TYPE_TESTS);

      expect(run('tsc', ['-p', folder])).toEqual({ status: 0, output: '' });
    });

    it('passes the linter and the formatter', () => {
      const { status, output } = run('biome', [
        'check',
        '--vcs-enabled=false',
        '--error-on-warnings',
        ...['clients', 'events', 'plugins', 'schemas'].map((part) => join(folder, 'generated', part)),
      ]);

      expect(output).toMatch(/Checked \d+ files/);
      expect(status).toBe(0);
    });
  },
);

/** Rule identifier-collision refuses these as names; as text they stay. */
function withoutRefusedNames(manifest: string): string {
  return manifest
    .replace('"operationId": "__proto__"', '"operationId": "proto"')
    .replace('/:__proto__"', '/:proto"');
}

function run(command: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: REPOSITORY, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}
