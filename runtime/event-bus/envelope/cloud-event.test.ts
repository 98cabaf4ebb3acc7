import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../domain-event.ts';
import { anyEvent } from '../testing/any-event.ts';
import { cloudEventOf, domainEventOf } from './cloud-event.ts';

const event: DomainEvent = {
  id: 'e-1',
  name: 'crm.contact.created',
  source: 'plugin-crm',
  time: '2026-01-01T00:00:00.000Z',
  tenantId: 'acme',
  correlationId: 'r-1',
  data: { name: 'Ada' },
};

describe('the envelope', () => {
  it('is CloudEvents 1.0 with our extensions', () => {
    expect(cloudEventOf({ ...event, userId: 'u-1', tenantContext: 'signed' })).toEqual({
      specversion: '1.0',
      id: 'e-1',
      source: '/plugins/plugin-crm',
      type: 'crm.contact.created',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      tenantid: 'acme',
      userid: 'u-1',
      correlationid: 'r-1',
      plexicacontext: 'signed',
      data: { name: 'Ada' },
    });
    expect(cloudEventOf({ ...event, source: 'platform' }).source).toBe('/platform');
  });

  it('brings every event back through JSON', () => {
    fc.assert(
      fc.property(anyEvent, (one) => {
        expect(domainEventOf(JSON.parse(JSON.stringify(cloudEventOf(one))))).toEqual(one);
      }),
    );
  });

  it.each([
    ['null', null, 'it is not a JSON object'],
    ['an array', [], 'it is not a JSON object'],
    ['another version', { specversion: '0.3' }, 'its specversion is not "1.0"'],
    ['no tenant', { tenantid: undefined }, 'it has no "tenantid"'],
    ['an empty tenant', { tenantid: '' }, 'its "tenantid" is not text of 1 to 256 characters'],
    ['a long id', { id: 'x'.repeat(201) }, 'its "id" is not text of 1 to 200 characters'],
    ['a number for an id', { id: 1 }, 'its "id" is not text of 1 to 200 characters'],
    ['no time', { time: 'yesterday' }, 'its "time" is not a time of RFC 3339'],
    [
      'a foreign source',
      { source: 'https://elsewhere' },
      'its "source" is neither /platform nor /plugins/<id>',
    ],
    [
      'a path in its source',
      { source: '/plugins/a/../b' },
      'its "source" is neither /platform nor /plugins/<id>',
    ],
    ['no data', { data: undefined }, 'it has no "data"'],
  ])('says what is wrong with %s', (_, part, words) => {
    const value = Array.isArray(part) || part === null ? part : { ...cloudEventOf(event), ...part };
    expect(domainEventOf(value === null ? null : JSON.parse(JSON.stringify(value)))).toBe(words);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(['string', 'object']).toContain(typeof domainEventOf(value));
      }),
    );
  });

  it('takes nothing from keys that name prototypes', () => {
    const hostile = JSON.parse('{"specversion":"1.0","__proto__":{"id":"x","tenantid":"evil"},"data":1}');
    expect(domainEventOf(hostile)).toBe('it has no "id"');
  });
});
