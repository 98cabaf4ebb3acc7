import { createEmbeddedTransport, type Transport } from '@plexica/event-bus';
import { createGatewayClient, type GatewayClient } from '@plexica/sdk';
import { describeTransport } from '../runtime/event-bus/testing/contract-suite.ts';
import {
  mailEvents,
  ORDER_SCHEMA,
  PAID,
  PLACED,
  SENT,
  shopEvents,
} from '../runtime/event-bus/testing/contract-world.ts';
import { upstreamOf } from '../runtime/gateway/config/testing/config-of.ts';
import { createEmbeddedArchive } from '../runtime/gateway/events/embedded-archive.ts';
import { startGateway } from '../runtime/gateway/testing/start-gateway.ts';

const PLUGINS = [shopEvents, mailEvents].map(({ pluginId, publishes, subscribes }) => ({
  id: pluginId,
  publishes: Object.keys(publishes),
  subscribes: Object.keys(subscribes),
}));

describeTransport({
  name: 'embedded',
  async start() {
    const anybody = upstreamOf({ actAsTenants: ['*'] });
    const gateway = await startGateway({
      plugins: PLUGINS,
      payloads: { [PLACED]: ORDER_SCHEMA, [PAID]: {}, [SENT]: {} },
      settings: { 'plugin-shop': anybody, 'plugin-mail': anybody },
    });
    const { hub } = gateway.context.events;
    if (hub === undefined) throw new Error('there are events');
    const clients = new Map<Transport, GatewayClient>();
    const tokens = new Map<string, string>();
    for (const { id } of PLUGINS) tokens.set(id, await gateway.pluginToken(id));
    return {
      connect(pluginId) {
        const gatewayUrl = new URL(gateway.url).origin;
        const client = createGatewayClient({ pluginId, gatewayUrl, token: tokens.get(pluginId) });
        const transport = createEmbeddedTransport({ gateway: client, patience: 1_000 });
        clients.set(transport, client);
        return transport;
      },
      archive: createEmbeddedArchive(hub.store),
      async inject(pluginId, tenantId, text) {
        const body = JSON.stringify(text);
        const groups = gateway.context.deployment().events.groupsOf(PLACED);
        await hub.publish([{ id: text, source: pluginId, name: PLACED, tenantId, body, groups }]);
      },
      contextFor: (pluginId, tenantId, userId) =>
        gateway.context.contexts.issue({ tenantId, userId, permissions: [] }, pluginId),
      async refuse(transport) {
        clients.get(transport)?.renewToken('forged');
        hub.endStreams(() => true);
      },
      stop: () => gateway.close(),
    };
  },
});
