import type { Served } from './context/served.ts';
import type { DomainEvent } from './domain-event.ts';
import { cloudEventOf, domainEventOf } from './envelope/cloud-event.ts';
import { EventBusError } from './errors.ts';
import type { PayloadChecks } from './payload-checks.ts';
import type { PluginEvents } from './plugin-events.ts';

export interface EventParts {
  readonly events: PluginEvents;
  /** Of the events that the plugin publishes. */
  readonly checks: Pick<PayloadChecks, 'violationOf'>;
  readonly name: string;
  readonly data: unknown;
  readonly id: string;
  readonly served: Served | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * An event that consumers will take: one that they would not must not be published, it would be lost on them.
 *
 * @throws EventBusError `tenant-missing`, `event-not-declared`, `payload-invalid`, `event-invalid`
 */
export function makeEvent({ events, checks, name, data, id, served, now }: EventParts): DomainEvent {
  const { pluginId, publishes } = events;
  if (!Object.hasOwn(publishes, name)) throw notDeclared(pluginId, name);
  if (served === undefined) throw tenantMissing(name);
  const { correlationId = id, ...rest } = served;
  const event: DomainEvent = {
    ...usable(rest),
    id,
    name,
    source: pluginId,
    time: new Date(now).toISOString(),
    correlationId,
    data: asJson(name, data),
  };
  const violation = checks.violationOf(name, event.data);
  if (violation !== undefined) {
    throw new EventBusError('payload-invalid', `the payload of ${name} is not as declared: ${violation}`);
  }
  const problem = domainEventOf(cloudEventOf(event));
  if (typeof problem === 'string') {
    throw new EventBusError('event-invalid', `${name} cannot be published: as a CloudEvent ${problem}`);
  }
  return event;
}

/** Empty texts say nothing, and a trace that is too long must not keep an event from being published. */
function usable<Part extends Omit<Served, 'correlationId'>>(served: Part): Part {
  const usableOnes = Object.entries(served).filter(
    ([name, value]) =>
      name === 'tenantId' || (value !== '' && !(name === 'tracestate' && value.length > 1024)),
  );
  // The same object without some of its optional properties.
  return Object.fromEntries(usableOnes) as Part;
}

/** The payload as it will travel: dates are text then, and what JSON cannot say is an error here and not elsewhere. */
function asJson(name: string, data: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(data) ?? 'null');
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new EventBusError('payload-invalid', `the payload of ${name} is not JSON: ${words}`, { cause });
  }
}

function notDeclared(pluginId: string, name: string): EventBusError {
  return new EventBusError(
    'event-not-declared',
    `${pluginId} publishes ${name}, which its plugin.json does not list: add it to "events.publishes", ` +
      'then run `plexica build`',
  );
}

function tenantMissing(name: string): EventBusError {
  return new EventBusError(
    'tenant-missing',
    `${name} is published outside of a request or event: whose is it? Publish it while one is served ` +
      '(bus.serve, or the hook of your web framework), or say it with the option "served"',
  );
}
