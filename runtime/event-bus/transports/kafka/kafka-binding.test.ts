import fc from 'fast-check';
import type { IHeaders } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { cloudEventOf } from '../../envelope/cloud-event.ts';
import { anyEvent } from '../../testing/any-event.ts';
import { type BoundMessage, bindEvent, messageOfRaw, rawOf, unbindEvent } from './kafka-binding.ts';

describe('the Kafka binding', () => {
  it('brings every event back in the binary mode, keyed by tenant', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const bound = bindEvent(event);
        expect(bound.key).toBe(event.tenantId);
        expect(bound.headers.ce_type).toBe(event.name);
        expect(unbindEvent(asRead(bound))).toEqual(event);
      }),
    );
  });

  it('reads the structured mode too', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const value = Buffer.from(JSON.stringify(cloudEventOf(event)));
        const headers = { 'content-type': Buffer.from('application/cloudevents+json; charset=utf-8') };
        expect(unbindEvent({ value, headers })).toEqual(event);
      }),
    );
  });

  it('never throws, whatever bytes it is given', () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array));
    const headers = fc.dictionary(
      fc.constantFrom(
        'ce_id',
        'ce_type',
        'ce_source',
        'ce_time',
        'ce_specversion',
        'content-type',
        '__proto__',
      ),
      fc.oneof(bytes, fc.constantFrom('1.0', 'x'), fc.array(bytes, { maxLength: 2 })),
    );
    fc.assert(
      fc.property(fc.option(bytes), headers, (value, some) => {
        expect(typeof unbindEvent({ value, headers: some })).toBe('string');
        expect(messageOfRaw(rawOf({ key: null, value, headers: some }))).toBeDefined();
      }),
    );
  });

  it.each([
    ['no value', { value: null }, 'it has no value'],
    ['bytes that are no text', { value: Buffer.from([0xc0, 0x80]) }, 'its value is not UTF-8'],
    ['half an object', { value: Buffer.from('{"a":') }, 'its value is not JSON'],
    ['no headers', { value: Buffer.from('{}') }, 'its specversion is not "1.0"'],
  ])('says what is wrong with %s', (_, message, words) => {
    expect(unbindEvent(message)).toBe(words);
  });

  it('writes a message down so that it can be sent once more', () => {
    const headers = { ce_id: Buffer.from('ü') };
    const text = { key: Buffer.from('acme'), value: Buffer.from('{"half":'), headers };
    expect(messageOfRaw(rawOf(text))).toEqual({ key: 'acme', value: '{"half":', headers: { ce_id: 'ü' } });
    const bytes = { key: null, value: Buffer.from([0xff, 0x00]), headers: {} };
    expect(messageOfRaw(rawOf(bytes))).toEqual({ key: null, value: Buffer.from([0xff, 0x00]), headers: {} });
    expect(messageOfRaw('no JSON')).toBeUndefined();
  });
});

function asRead({ value, headers }: BoundMessage): { value: Buffer; headers: IHeaders } {
  return {
    value: Buffer.from(value ?? ''),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
}
