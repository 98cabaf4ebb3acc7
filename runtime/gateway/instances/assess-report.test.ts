import { describe, expect, it } from 'vitest';
import { WELL as PLUGINS_WELL } from '../../sdk/health-route.ts';
import { assessReport, WELL } from './assess-report.ts';

describe('assessReport', () => {
  it('counts the words as well that plugins count as well', () => {
    expect(WELL).toEqual(PLUGINS_WELL);
  });

  it.each<[string, unknown]>([
    [
      "the guide's example",
      {
        status: 'ok',
        plugin: 'myplugin',
        version: '1.0.0',
        timestamp: '2026-02-10T10:00:00.000Z',
        services: { database: 'connected', externalApi: 'reachable' },
      },
    ],
    ['any case', { status: 'Healthy', services: { cache: 'UP' } }],
    ['more than we ask for', { status: 'ok', uptime: 12, nested: { a: 1 } }],
  ])('%s is well', (_name, report) => {
    expect(assessReport(JSON.stringify(report))).toEqual({ kind: 'well' });
  });

  it.each<[string, unknown, string]>([
    ['a part', { status: 'ok', services: { database: 'disconnected' } }, 'database is "disconnected"'],
    ['itself', { status: 'degraded' }, 'it reports itself as "degraded"'],
    [
      'itself and parts',
      { status: 'down', services: { a: 'ok', b: 'slow', c: 'full' } },
      'it reports itself as "down"; b is "slow"; c is "full"',
    ],
    [
      'a part, with an address in its word',
      { status: 'ok', services: { db: '10.0.0.7:5432 refused' } },
      'db is not well',
    ],
    ['an empty word', { status: '' }, 'it reports itself as not well'],
    ['a name with markup', { status: 'ok', services: { '<b>': 'down' } }, 'a part is "down"'],
    [
      'many parts',
      { status: 'ok', services: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`p${i}`, 'down'])) },
      'p0 is "down"; p1 is "down"; p2 is "down"; p3 is "down"; p4 is "down"; 3 more of its parts are not well',
    ],
  ])('impaired: it reports %s', (_name, report, reason) => {
    expect(assessReport(JSON.stringify(report))).toEqual({ kind: 'impaired', reason });
  });

  it.each<[string, string, string]>([
    ['a page', '<html>', 'its health answer is not JSON'],
    ['nothing', '', 'its health answer is not JSON'],
    ['a list', '[]', 'its health answer is not a health report: it is not an object'],
    ['null', 'null', 'its health answer is not a health report: it is not an object'],
    ['no status', '{}', 'its health answer is not a health report: it has no "status"'],
    ['a number', '{"status":1}', 'its health answer is not a health report: "status" must be string'],
    [
      'parts that are not words',
      '{"status":"ok","services":{"db":{"up":true}}}',
      'its health answer is not a health report: "services" has a part whose value is not a word',
    ],
  ])('failed: %s', (_name, body, reason) => {
    expect(assessReport(body)).toEqual({ kind: 'failed', reason, gone: false });
  });
});
