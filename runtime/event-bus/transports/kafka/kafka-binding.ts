import { isUtf8 } from 'node:buffer';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { DomainEvent } from '../../domain-event.ts';
import { cloudEventOf, domainEventOf } from '../../envelope/cloud-event.ts';

/** The value and headers of a message; of an event they are in the binary mode of CloudEvents' Kafka binding. */
export interface BoundMessage {
  readonly key: string | null;
  readonly value: string | Buffer | null;
  readonly headers: Record<string, string>;
}

/** Keyed by tenant. */
export function bindEvent(event: DomainEvent): BoundMessage & { readonly key: string } {
  const { data, datacontenttype, ...attributes } = cloudEventOf(event);
  const headers: Record<string, string> = { 'content-type': datacontenttype };
  for (const [name, value] of Object.entries(attributes)) headers[`ce_${name}`] = value;
  return { key: event.tenantId, value: JSON.stringify(data), headers };
}

/** The event of a message in the binary or the structured mode; a sentence for what is none. */
export function unbindEvent({
  value,
  headers = {},
}: Pick<KafkaMessage, 'value' | 'headers'>): DomainEvent | string {
  if (value === null) return 'it has no value';
  if (!isUtf8(value)) return 'its value is not UTF-8';
  const data = parse(value.toString('utf8'));
  if (data === INVALID) return 'its value is not JSON';
  const structured = textOf(headers, 'content-type')?.startsWith('application/cloudevents+json') === true;
  return domainEventOf(structured ? data : { ...attributesOf(headers), data });
}

/** Everything of a message as text, for a dead letter: what was no event may be one for a later version. */
export function rawOf({ key, value, headers = {} }: Pick<KafkaMessage, 'key' | 'value' | 'headers'>): string {
  const texts = Object.keys(headers).flatMap((name) => {
    const text = textOf(headers, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return JSON.stringify({
    key: key?.toString('utf8') ?? null,
    headers: Object.fromEntries(texts),
    ...(value === null || isUtf8(value)
      ? { value: value?.toString('utf8') ?? null }
      : { base64: value.toString('base64') }),
  });
}

/** The message that `rawOf` wrote down; undefined for other texts. */
export function messageOfRaw(raw: string): BoundMessage | undefined {
  const read = parse(raw);
  if (typeof read !== 'object' || read === null || !('headers' in read)) return undefined;
  // Written by rawOf, here or in another replica.
  const { key, headers, value, base64 } = read as Omit<BoundMessage, 'value'> & {
    value?: string;
    base64?: string;
  };
  return { key, headers, value: base64 === undefined ? (value ?? null) : Buffer.from(base64, 'base64') };
}

function attributesOf(headers: IHeaders): Record<string, string> {
  const attributes: [string, string][] = [];
  for (const name of Object.keys(headers)) {
    const text = textOf(headers, name);
    if (name.startsWith('ce_') && text !== undefined) attributes.push([name.slice('ce_'.length), text]);
  }
  return Object.fromEntries(attributes);
}

/** Undefined for a header that is not there, or more than once. */
function textOf(headers: IHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return value === undefined || value === null || Array.isArray(value) ? undefined : value.toString('utf8');
}

const INVALID = Symbol('not JSON');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return INVALID;
  }
}
