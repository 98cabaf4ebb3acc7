import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { ANALYTICS, CRM, route } from '../testing/start-gateway.ts';
import { changeBetween, fingerprintOf } from './compare-setups.ts';
import { wordsFor } from './reload-outcome.ts';
import { keepStartingSettings } from './starting-settings.ts';

const NONE = { added: 0, changed: 0, removed: 0 };
const upstreams = (...urls: [string, string][]) =>
  new Map(urls.map(([id, url]) => [id, upstreamOf({ urls: [new URL(url)] })]));

function setupOf(plugins: Parameters<typeof tableOf>[0], config: Partial<GatewayConfig> = {}) {
  return { config: configOf('/gateway', config), table: tableOf(plugins) };
}

describe('changeBetween', () => {
  it('counts plugins, routes and upstreams', () => {
    const before = setupOf([CRM, ANALYTICS], {
      upstreams: upstreams(['a', 'http://a:1'], ['b', 'http://b:1']),
    });
    const routes = [route('GET /contacts', { auth: false }), ...CRM.routes.slice(2), route('GET /new')];
    const after = setupOf([{ ...CRM, routes }, { id: 'plugin-board' }], {
      upstreams: upstreams(['a', 'http://a:2'], ['c', 'http://c:1'], ['d', 'http://d:1']),
    });
    const change = changeBetween(before, after, []);
    expect(change).toEqual({
      from: before.table.table.digest,
      to: after.table.table.digest,
      plugins: { added: 1, changed: 1, removed: 1 },
      // POST /contacts of CRM and POST /reports of Analytics are gone.
      routes: { added: 1, changed: 1, removed: 2 },
      upstreams: { added: 2, changed: 1, removed: 1 },
      settings: [],
      waiting: [],
    });
    expect(wordsFor(change)).toBe(
      '1 plugin added, 1 plugin removed, 1 plugin changed, 1 route added, 2 routes removed, 1 route changed, ' +
        '2 upstreams added, 1 upstream removed, 1 upstream changed',
    );
  });

  it('names other settings that hold from now on', () => {
    const before = setupOf([CRM]);
    const after = setupOf([CRM], {
      timeout: 1,
      rateLimits: { tenant: { max: 1, windowMs: 1 }, caller: undefined, redis: undefined },
    });
    const change = changeBetween(before, after, []);
    expect(change).toMatchObject({ plugins: NONE, routes: NONE, upstreams: NONE });
    expect(wordsFor(change)).toBe('other settings: timeout, rateLimits');
  });

  it('sees nothing where nothing is different', () => {
    const upstream = upstreams(['a', 'http://a:1']);
    const change = changeBetween(
      setupOf([CRM], { upstreams: upstream }),
      setupOf([CRM], { upstreams: upstream }),
      [],
    );
    expect(wordsFor(change)).toBe('nothing has changed');
  });
});

describe('settings that need a restart', () => {
  const present = configOf('/gateway', { port: 4000 });
  const changed: Partial<GatewayConfig> = {
    host: '127.0.0.2',
    port: 4001,
    stateFolder: '/elsewhere',
    keysFile: '/elsewhere/keys.json',
    workers: 2,
    telemetry: { otlp: new URL('http://127.0.0.1:4318'), serviceName: 's', sample: 1 },
    rateLimits: { tenant: undefined, caller: undefined, redis: new URL('redis://127.0.0.1') },
  };

  it('keep their values, and are named', () => {
    const next = configOf('/gateway', { ...changed, timeout: 7 });
    const { config, waiting } = keepStartingSettings(present, next);
    expect(config).toEqual({ ...present, timeout: 7 });
    expect(waiting).toEqual([
      'gateway.host',
      'gateway.port',
      'gateway.state',
      'gateway.keys',
      'gateway.workers',
      'telemetry',
      'rateLimits.redis',
    ]);
    expect(keepStartingSettings(present, present).waiting).toEqual([]);
  });

  it('do not tell two processes apart; all others do', () => {
    const fingerprint = (config: Partial<GatewayConfig>) =>
      fingerprintOf(setupOf([CRM], { ...present, ...config }));
    expect(fingerprint(changed)).toBe(fingerprint({}));
    expect(fingerprint({ timeout: 7 })).not.toBe(fingerprint({}));
    expect(fingerprint({ upstreams: upstreams(['a', 'http://a:1']) })).not.toBe(fingerprint({}));
    expect(fingerprintOf(setupOf([ANALYTICS], present))).not.toBe(fingerprint({}));
  });
});
