import type { Transport } from '@plexica/event-bus';
import type { GatewayContext } from '../context.ts';
import { createLocalTransport } from './local-transport.ts';
import { readTls } from './read-tls.ts';

/** Makes a transport for the gateway's own part in events; whoever asks starts and stops it. */
export type MakeTransport = () => Transport;

/**
 * How the gateway itself publishes and subscribes: in its own store, or at Kafka. Undefined where nobody wants events.
 *
 * @throws SetupError for a file of keys or certificates that cannot be read
 */
export async function ownTransport(
  context: Pick<GatewayContext, 'deployment' | 'events' | 'log'>,
): Promise<MakeTransport | undefined> {
  const { config, events } = context.deployment();
  const { transport, retention } = config.events;
  if (transport.kind === 'embedded') {
    const { hub } = context.events;
    return hub && (() => createLocalTransport(hub, (name) => context.deployment().events.groupsOf(name)));
  }
  if (!events.any) return undefined;
  // A gateway without Kafka does not load a Kafka client.
  const { createKafkaTransport } = await import('@plexica/event-bus/kafka');
  const tls = await readTls(transport.tls);
  return () =>
    createKafkaTransport({
      ...transport,
      retention,
      tls,
      log: (level, text) => context.log[level]({ text }, 'Kafka complains'),
    });
}
