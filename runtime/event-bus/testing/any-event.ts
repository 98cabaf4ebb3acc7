import fc from 'fast-check';
import type { DomainEvent } from '../domain-event.ts';

const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((one) => one.isWellFormed());
const optional = fc.option(text, { nil: undefined });

/** Every event that may travel: any text in its attributes, any JSON in its payload. */
export const anyEvent: fc.Arbitrary<DomainEvent> = fc
  .record({
    id: text,
    name: text,
    source: fc.constantFrom('platform', 'plugin-a', 'plugin-crm-2'),
    time: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    tenantId: text,
    workspaceId: optional,
    userId: optional,
    correlationId: text,
    causationId: optional,
    tenantContext: optional,
    // What JSON itself changes is not the envelope's doing: -0 becomes 0.
    data: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
  })
  .map((event) => {
    const present = Object.entries(event).filter(([, value]) => value !== undefined);
    // The same event without the keys of what is absent.
    return Object.fromEntries(present) as unknown as DomainEvent;
  });
