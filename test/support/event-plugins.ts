import { gatewayTransport, type PluginEvents, type Transport } from '@plexica/event-bus';
import { createKafkaTransport, type KafkaTransportOptions } from '@plexica/event-bus/kafka';
import { createGatewayClient } from '@plexica/sdk';

/** Two plugins that publish numbered events, and one that is told of them all. */
export const PUBLISHER_IDS = ['plugin-red', 'plugin-blue'] as const;
export const SUBSCRIBER_ID = 'plugin-ledger';

/** The payload of every event. */
export interface Counted {
  /** From 1 on, per tenant and publisher. */
  readonly n: number;
  readonly note: string;
}

const COUNTED = {
  type: 'object',
  properties: { n: { type: 'integer' }, note: { type: 'string' } },
  required: ['n', 'note'],
} as const;

/** `red.item.counted` */
export function countedEventOf(publisherId: string): string {
  return `${publisherId.replace('plugin-', '')}.item.counted`;
}

/** What its manifest says of events. */
export function manifestEventsOf(pluginId: string): object {
  return pluginId === SUBSCRIBER_ID
    ? { subscribes: PUBLISHER_IDS.map(countedEventOf) }
    : { publishes: [{ name: countedEventOf(pluginId), schema: COUNTED }] };
}

/** What `plexica build` generates from that. */
export function eventsOf(pluginId: string): PluginEvents {
  if (pluginId !== SUBSCRIBER_ID) {
    return { pluginId, publishes: { [countedEventOf(pluginId)]: { schema: COUNTED } }, subscribes: {} };
  }
  const subscribes = PUBLISHER_IDS.map(
    (publisher) => [countedEventOf(publisher), { publishers: [publisher], schema: COUNTED }] as const,
  );
  return { pluginId, publishes: {}, subscribes: Object.fromEntries(subscribes) };
}

/** Where plugins find each other's events; plain data, so that it can be handed to a process. */
export type EventRoute =
  | {
      readonly kind: 'embedded';
      readonly gatewayUrl: string;
      /** By plugin. */
      readonly tokens: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'kafka'; readonly options: Omit<KafkaTransportOptions, 'clock' | 'log'> };

export function transportFor(pluginId: string, route: EventRoute): Transport {
  const log = (level: string, text: string) => console.log(`${level}: ${text}`);
  if (route.kind === 'kafka') return createKafkaTransport({ ...route.options, log });
  const { gatewayUrl, tokens } = route;
  return gatewayTransport(createGatewayClient({ pluginId, gatewayUrl, token: tokens[pluginId] }), { log });
}
