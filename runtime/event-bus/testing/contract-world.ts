import type { PluginEvents } from '../plugin-events.ts';

/** Two plugins that the contract suite is about. A harness makes sure that they may do what stands here. */
export const PLACED = 'shop.order.placed';
export const PAID = 'shop.order.paid';
export const SENT = 'mail.message.sent';

/** The payload of `shop.order.placed`; the other events take any. */
export const ORDER_SCHEMA = {
  type: 'object',
  properties: { n: { type: 'integer' }, note: { type: 'string' } },
  required: ['n'],
  additionalProperties: false,
} as const;

export const shopEvents: PluginEvents = {
  pluginId: 'plugin-shop',
  publishes: { [PLACED]: { schema: ORDER_SCHEMA }, [PAID]: {} },
  subscribes: { [SENT]: { publishers: ['plugin-mail'] } },
};

export const mailEvents: PluginEvents = {
  pluginId: 'plugin-mail',
  publishes: { [SENT]: {} },
  subscribes: {
    [PLACED]: { publishers: ['plugin-shop'], schema: ORDER_SCHEMA },
    [PAID]: { publishers: ['plugin-shop'] },
  },
};
