import { describe, expect, it } from 'vitest';
import { BASE_PATH } from '../base-path.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { ANALYTICS, CRM, route } from '../testing/start-gateway.ts';
import { checkContract } from './contract.ts';
import { matchRoute } from './match.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const [SERVICE, ENDPOINT, OTHER] = [digest('a'), digest('b'), digest('c')];

/** crm.contacts in a version, with one endpoint. */
function tableServing(version: string, contract: string | undefined = ENDPOINT) {
  const contacts = { services: ['crm.contacts'], ...(contract !== undefined && { contract }) };
  return tableOf([
    {
      ...CRM,
      routes: [
        route('GET /contacts', contacts),
        route('GET /internal', { services: ['crm.internal'] }),
        route('GET /public'),
      ],
      services: [
        { name: 'crm.contacts', version, contract: SERVICE, endpoints: ['GET /contacts'] },
        { name: 'crm.internal', version: '1.0.0', contract: SERVICE, endpoints: ['GET /internal'] },
      ],
    },
    ANALYTICS,
  ]);
}

function check(
  served: string,
  header: string | readonly string[] | undefined,
  path = '/contacts',
  contract = ENDPOINT,
) {
  const table = tableServing(served, contract);
  const rawHeaders = [header ?? []].flat().flatMap((value) => ['X-Plexica-Contract', value]);
  const { route } = matchRoute(table, 'GET', `${BASE_PATH}/plugin-crm${path}`);
  return checkContract(table, route, 'plugin-analytics', { rawHeaders });
}

const refusal = (code: string, words: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(words) });

describe('checkContract', () => {
  it('knows nothing of calls that are made by hand', () => {
    expect(check('1.2.0', undefined)).toBeUndefined();
    expect(check('1.2.0', undefined, '/public')).toBeUndefined();
  });

  it.each([
    ['the same service', `crm.contacts@1.2.0 ${SERVICE} ${ENDPOINT}`],
    ['the same service, of a table without digests of endpoints', `crm.contacts@1.2.0 ${SERVICE} ${OTHER}`],
    ['the same endpoint', `crm.contacts@1.2.0 ${OTHER} ${ENDPOINT}`],
    ['the same endpoint, of a service that is another', `crm.contacts@0.1.0 ${OTHER} ${ENDPOINT}`],
    ['the same endpoint, of a later service', `crm.contacts@2.0.0 ${OTHER} ${ENDPOINT}`],
  ])('finds no difference in %s', (_, header) => {
    expect(check('1.2.0', header)).toBeUndefined();
  });

  it.each([
    ['1.2.0', '1.2.1'],
    ['1.2.0', '1.10.0'],
    ['0.3.1', '0.3.2'],
    ['1.2.0-rc.1', '1.2.0'],
    ['1.2.0', '1.3.0+build.7'],
  ])('lets a client of %s pass where %s is served, and says so', (made, served) => {
    expect(check(served, `crm.contacts@${made} ${OTHER} ${OTHER}`)).toEqual({
      callerId: 'plugin-analytics',
      pluginId: 'plugin-crm',
      service: 'crm.contacts',
      made: { version: made, digest: OTHER },
      served,
    });
  });

  it.each([
    [
      '1.2.0',
      '2.0.0',
      'now has 2.0.0, which ^1.2.0 does not cover: run `plexica build`, adapt plugin-analytics',
    ],
    ['0.3.1', '0.4.0', 'which ^0.3.1 does not cover'],
    ['1.2.0', '1.3.0-rc.1', 'which ^1.2.0 does not cover'],
    [
      '1.2.0',
      '1.2.0',
      'plugin-crm changed what this call means without another version: run `plexica build`',
    ],
    [
      '1.2.1',
      '1.2.0',
      'still has 1.2.0 here: run `plexica build`, and deploy its route table to the gateway before',
    ],
    ['2.0.0', '1.2.0', 'still has 1.2.0 here'],
  ])('refuses a client of %s where %s is served, and says what to do', (made, served, words) => {
    const call = () => check(served, `crm.contacts@${made} ${OTHER} ${OTHER}`);
    expect(call).toThrow(
      refusal(
        'contract-mismatch',
        `the client of plugin-analytics was made from crm.contacts ${made}, and plugin-crm `,
      ),
    );
    expect(call).toThrow(refusal('contract-mismatch', words));
  });

  it.each([
    ['a service that is gone', 'crm.people', '/contacts', 'crm.contacts offers it'],
    ['a service that does not offer it', 'crm.internal', '/contacts', 'crm.contacts offers it'],
    ['a service where none offers it', 'crm.contacts', '/public', 'no service offers it'],
  ])('refuses a client of %s, whatever the digests say', (_, service, path, words) => {
    expect(() => check('1.2.0', `${service}@1.2.0 ${SERVICE} ${ENDPOINT}`, path)).toThrow(
      refusal('contract-mismatch', `${service} does not offer GET ${path} of plugin-crm; ${words}`),
    );
  });

  it.each([
    '',
    'crm.contacts',
    `crm.contacts ${SERVICE} ${ENDPOINT}`,
    `crm.contacts@1.2 ${SERVICE} ${ENDPOINT}`,
    `crm.contacts@1.2.0 ${SERVICE}`,
    `crm.contacts@1.2.0 ${SERVICE} ${ENDPOINT} ${ENDPOINT}`,
    `crm.contacts@1.2.0  ${SERVICE} ${ENDPOINT}`,
    `crm.contacts@1.2.0 ${SERVICE.toUpperCase()} ${ENDPOINT}`,
    `crm.contacts@v1.2.0 ${SERVICE} ${ENDPOINT}`,
    `__proto__@1.2.0 ${SERVICE} ${ENDPOINT}`,
    `crm.contacts@${'9'.repeat(300)}.0.0 ${SERVICE} ${ENDPOINT}`,
  ])('does not read %j', (header) => {
    expect(() => check('1.2.0', header)).toThrow(refusal('bad-header', 'X-Plexica-Contract'));
  });

  it('does not choose between two', () => {
    const header = `crm.contacts@1.2.0 ${SERVICE} ${ENDPOINT}`;
    expect(() => check('1.2.0', [header, header])).toThrow(refusal('bad-header', 'X-Plexica-Contract'));
  });
});
