import { type Clock, systemClock } from '../clock.ts';
import { askForTransport } from './embedded/ask-for-transport.ts';
import { createEmbeddedTransport, type EmbeddedTransportOptions } from './embedded/embedded-transport.ts';
import { member } from './embedded/gateway-calls.ts';
import { type KafkaEnvironment, kafkaOptionsOf } from './kafka-from-gateway.ts';
import type { Transport } from './transport.ts';

export interface GatewayTransportOptions extends Omit<EmbeddedTransportOptions, 'gateway'> {
  /** Where the secrets for Kafka are; the environment of this process unless stated. */
  readonly environment?: KafkaEnvironment;
}

/**
 * The transport that plexica.yaml names: it is asked for when the bus starts, or first publishes. So a switch between the
 * gateway itself and Kafka changes no plugin.
 *
 * @param gateway the plugin's `GatewayClient`
 */
export function gatewayTransport(
  gateway: EmbeddedTransportOptions['gateway'],
  { environment = process.env, ...options }: GatewayTransportOptions = {},
): Transport {
  const { patience = 30_000, clock = systemClock } = options;
  let chosen: Transport | undefined;
  let starting: Promise<Transport> | undefined;

  return {
    get name() {
      return chosen?.name ?? 'embedded';
    },
    start: async () => void (await started()),
    publish: async (events) => await (await started()).publish(events),
    subscribe: async (subscription) => await (await started()).subscribe(subscription),
    deadLetter: async (letter) => await (await started()).deadLetter(letter),
    async stop() {
      // One that could not start has nothing to stop.
      await (await starting?.catch(() => undefined))?.stop();
    },
  };

  function started(): Promise<Transport> {
    starting ??= start().catch((error) => {
      // The next one who needs it tries again.
      starting = undefined;
      throw error;
    });
    return starting;
  }

  async function start(): Promise<Transport> {
    const answer = await askForTransport(gateway, { clock, patience });
    const transport =
      member(answer, 'kind') === 'kafka'
        ? await overKafka(answer, environment, options, clock)
        : createEmbeddedTransport({ ...options, gateway });
    await transport.start();
    chosen = transport;
    return transport;
  }
}

async function overKafka(
  answer: unknown,
  environment: KafkaEnvironment,
  { log }: Pick<GatewayTransportOptions, 'log'>,
  clock: Clock,
): Promise<Transport> {
  const options = await kafkaOptionsOf(answer, environment);
  // Who uses the gateway does not load a Kafka client.
  const { createKafkaTransport } = await import('./kafka/kafka-transport.ts');
  return createKafkaTransport({ ...options, clock, ...(log === undefined ? {} : { log }) });
}
