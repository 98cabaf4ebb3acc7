import type { DomainEvent } from '../domain-event.ts';

/** CloudEvents 1.0 in the structured JSON format, with Plexica's extensions. Names are as the specification wants them. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  /** `/plugins/plugin-crm`, `/platform` */
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly tenantid: string;
  readonly workspaceid?: string;
  readonly userid?: string;
  readonly correlationid: string;
  readonly causationid?: string;
  /** The distributed tracing extension. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly plexicacontext?: string;
  readonly data: unknown;
}

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json';
export const CLOUD_EVENT_BATCH_TYPE = 'application/cloudevents-batch+json';

const PLATFORM = '/platform';
const PLUGINS = '/plugins/';

export function cloudEventOf(event: DomainEvent): CloudEvent {
  const { workspaceId, userId, causationId, traceparent, tracestate, tenantContext } = event;
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source === 'platform' ? PLATFORM : `${PLUGINS}${event.source}`,
    type: event.name,
    time: event.time,
    datacontenttype: 'application/json',
    tenantid: event.tenantId,
    ...(workspaceId === undefined ? {} : { workspaceid: workspaceId }),
    ...(userId === undefined ? {} : { userid: userId }),
    correlationid: event.correlationId,
    ...(causationId === undefined ? {} : { causationid: causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(tenantContext === undefined ? {} : { plexicacontext: tenantContext }),
    data: event.data ?? null,
  };
}

/** The event of a CloudEvent; a sentence for what is none of ours. Attributes of others are ignored. */
export function domainEventOf(value: unknown): DomainEvent | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not a JSON object';
  const attributes = new Map(Object.entries(value));
  if (attributes.get('specversion') !== '1.0') return 'its specversion is not "1.0"';
  const texts = new Map<string, string>();
  for (const [name, rule] of ATTRIBUTES) {
    const text = attributes.get(name);
    if (text === undefined) {
      if (rule.required) return `it has no "${name}"`;
    } else if (typeof text !== 'string' || text === '' || text.length > rule.longest) {
      return `its "${name}" is not text of 1 to ${rule.longest} characters`;
    } else {
      texts.set(name, text);
    }
  }
  if (!attributes.has('data')) return 'it has no "data"';
  const time = texts.get('time') ?? '';
  if (Number.isNaN(Date.parse(time))) return 'its "time" is not a time of RFC 3339';
  const source = sourceOf(texts.get('source') ?? '');
  if (source === undefined) return 'its "source" is neither /platform nor /plugins/<id>';
  const optional = (key: keyof DomainEvent, name: string) => {
    const text = texts.get(name);
    return text === undefined ? {} : { [key]: text };
  };
  return {
    id: texts.get('id') ?? '',
    name: texts.get('type') ?? '',
    source,
    time,
    tenantId: texts.get('tenantid') ?? '',
    ...optional('workspaceId', 'workspaceid'),
    ...optional('userId', 'userid'),
    correlationId: texts.get('correlationid') ?? texts.get('id') ?? '',
    ...optional('causationId', 'causationid'),
    ...optional('traceparent', 'traceparent'),
    ...optional('tracestate', 'tracestate'),
    ...optional('tenantContext', 'plexicacontext'),
    data: attributes.get('data'),
  };
}

/** Longest values, in UTF-16 units: what travels in headers is bounded. */
const ATTRIBUTES: ReadonlyMap<string, { readonly required: boolean; readonly longest: number }> = new Map([
  ['id', { required: true, longest: 200 }],
  ['source', { required: true, longest: 200 }],
  ['type', { required: true, longest: 200 }],
  ['time', { required: true, longest: 64 }],
  ['tenantid', { required: true, longest: 256 }],
  ['workspaceid', { required: false, longest: 256 }],
  ['userid', { required: false, longest: 256 }],
  ['correlationid', { required: false, longest: 200 }],
  ['causationid', { required: false, longest: 200 }],
  ['traceparent', { required: false, longest: 200 }],
  ['tracestate', { required: false, longest: 1024 }],
  ['plexicacontext', { required: false, longest: 8192 }],
]);

function sourceOf(source: string): string | undefined {
  if (source === PLATFORM) return 'platform';
  const id = source.startsWith(PLUGINS) ? source.slice(PLUGINS.length) : '';
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) ? id : undefined;
}
