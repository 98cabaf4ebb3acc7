import { readFile } from 'node:fs/promises';
import type { Transport } from '@plexica/event-bus';
import type { KafkaConfig } from '../config/gateway-config.ts';
import type { GatewayContext } from '../context.ts';
import { SetupError } from '../errors.ts';
import { createLocalTransport } from '../events/local-transport.ts';

/** Makes a transport for the gateway's own part in events; whoever asks starts and stops it. */
export type MakeTransport = () => Transport;

/**
 * How the gateway itself publishes and subscribes: in its own store, or at Kafka. Undefined where nobody wants events.
 *
 * @throws SetupError for a file of keys or certificates that cannot be read
 */
export async function gatewayTransport(
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

/** @throws SetupError for a file that cannot be read */
export async function readTls(files: KafkaConfig['tls']): Promise<KafkaConfig['tls']> {
  if (files === undefined) return undefined;
  const texts = await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      try {
        return [name, await readFile(file, 'utf8')] as const;
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new SetupError(`events.kafka.tls.${name} cannot be read: ${why}`, { cause });
      }
    }),
  );
  return Object.fromEntries(texts);
}
