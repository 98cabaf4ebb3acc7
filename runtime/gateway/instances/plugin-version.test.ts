import { describe, expect, it } from 'vitest';
import { compareVersions, runningVersions, versionRules } from './plugin-version.ts';
import { tableOf } from './testing/route-table.ts';

const CONTRACT = `sha256:${'0'.repeat(64)}`;
const edge = (service: string, version: string) => ({
  plugin: 'plugin-crm',
  service,
  version,
  required: true,
  contract: CONTRACT,
  endpoints: [],
});
const service = (name: string, version: string) => ({ name, version, contract: CONTRACT, endpoints: [] });

const table = tableOf([
  {
    id: 'plugin-crm',
    version: '1.4.0',
    services: [service('crm.contacts', '1.2.0'), service('crm.deals', '3.0.0')],
  },
  { id: 'plugin-analytics', edges: [edge('crm.contacts', '^1.0.0'), edge('crm.deals', '^3.0.0')] },
  { id: 'plugin-board', edges: [edge('crm.contacts', '~1.2.0')] },
]);

describe('compareVersions', () => {
  it.each<[string, Record<string, unknown>, string | undefined, string | undefined]>([
    ['the compiled version', { version: '1.4.0' }, undefined, undefined],
    [
      'another one that every caller can live with',
      { version: '1.4.1', services: { 'crm.contacts': '1.2.9', 'crm.deals': '3.1.0' } },
      undefined,
      'it runs another version than the compiled one: 1.4.1 instead of 1.4.0; crm.contacts 1.2.9 instead of 1.2.0; ' +
        'crm.deals 3.1.0 instead of 3.0.0',
    ],
    [
      'a service that one caller did not ask for',
      { version: '1.4.0', services: { 'crm.contacts': '1.3.0' } },
      'it runs crm.contacts 1.3.0, and plugin-board asks for ~1.2.0',
      'it runs another version than the compiled one: crm.contacts 1.3.0 instead of 1.2.0',
    ],
    [
      'services that nobody asked for',
      { version: '2.0.0', services: { 'crm.contacts': '2.0.0', 'crm.deals': '4.0.0' } },
      'it runs crm.contacts 2.0.0, and plugin-analytics asks for ^1.0.0; it runs crm.deals 4.0.0, and ' +
        'plugin-analytics asks for ^3.0.0; it runs crm.contacts 2.0.0, and plugin-board asks for ~1.2.0',
      expect.anything(),
    ],
    [
      // crm.deals ^3.0.0 never held for the plugin's own version: nothing can be said of it.
      'a plugin that does not tell the versions of its services',
      { version: '2.0.0' },
      'it runs 2.0.0, and plugin-analytics asks for ^1.0.0',
      'it runs another version than the compiled one: 2.0.0 instead of 1.4.0',
    ],
    [
      'another plugin',
      { id: 'plugin-mail', version: '1.4.0' },
      'it says that it is plugin-mail, not plugin-crm',
      undefined,
    ],
    [
      'another plugin with an odd name',
      { id: 'http://10.0.0.1/', version: '1.4.0' },
      'it says that it is another plugin, not plugin-crm',
      undefined,
    ],
  ])('%s', (_name, info, complaint, notice) => {
    const found = compare(info);
    expect(found.complaint).toEqual(complaint);
    expect(found.notice).toEqual(notice);
  });

  it('tells the versions of compiled services, and nothing else that a plugin makes up', () => {
    const services = { 'crm.contacts': '1.2.1', 'crm.notes': '1.0.0', 'crm.deals': 'banana' };
    expect(compare({ version: '1.4.0', services })).toMatchObject({
      version: '1.4.0',
      serviceVersions: { 'crm.contacts': '1.2.1' },
    });
    expect(compareVersions(undefined, rules())).toEqual({});
    expect(compare({ version: 'banana' })).toEqual({});
  });
});

function compare({ id = 'plugin-crm', version = '', services = {} }: Record<string, unknown>) {
  const named = Object.entries(services as Record<string, string>);
  const info = {
    id: String(id),
    version: String(version),
    services: named.map(([name, text]) => ({ name, version: text, endpoints: [] })),
  };
  return compareVersions(runningVersions(info), rules());
}

function rules() {
  const found = versionRules(table).get('plugin-crm');
  if (found === undefined) throw new Error('no such plugin');
  return found;
}
