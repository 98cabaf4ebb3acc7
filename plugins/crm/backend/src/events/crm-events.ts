import type { EventData } from '@plexica/event-bus';
import type { pluginCrmEvents } from '@plexica/generated/events/plugin-crm';

export type CrmEventName = keyof (typeof pluginCrmEvents)['publishes'];

/** Where the CRM's services say what happened. */
export interface CrmEvents {
  /**
   * Asks before a change whether its event can be taken.
   *
   * @throws CrmError (503) where too many wait already
   */
  mustHaveRoom(): void;
  /** Takes note of what has just happened; others are told soon, in this order for each tenant. */
  record<Name extends CrmEventName>(tenantId: string, name: Name, data: EventData<Name>): void;
}

/** For changes that nobody is told of, such as demo data. */
export const noEvents: CrmEvents = { mustHaveRoom: () => undefined, record: () => undefined };
