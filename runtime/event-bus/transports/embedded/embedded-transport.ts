import { type Clock, systemClock } from '../../clock.ts';
import { EventBusError } from '../../errors.ts';
import type { Transport } from '../transport.ts';
import { createAcknowledgements } from './acknowledgements.ts';
import { askForTransport } from './ask-for-transport.ts';
import { busErrorOf, member } from './gateway-calls.ts';
import type { GatewayPort } from './gateway-port.ts';
import { createPublishQueue } from './publish-queue.ts';
import { parseOrigin, subscribeToGateway } from './subscribe-to-gateway.ts';

export interface EmbeddedTransportOptions {
  readonly gateway: GatewayPort;
  /** How long a gateway that is away is waited for, in milliseconds, by a publisher and at the start; 30,000 unless stated. */
  readonly patience?: number;
  readonly log?: (level: 'warn' | 'error', text: string) => void;
  readonly clock?: Clock;
}

const PATIENCE = 30_000;

/** Events over the gateway, which keeps and delivers them itself. */
export function createEmbeddedTransport(options: EmbeddedTransportOptions): Transport {
  const { gateway, patience = PATIENCE, clock = systemClock, log = () => undefined } = options;
  const queue = createPublishQueue({ gateway, clock, patience });
  const letters = createAcknowledgements({ gateway, clock, onLost: () => undefined });

  return {
    name: 'embedded',
    async start() {
      const kind = member(await askForTransport(gateway, { clock, patience }), 'kind');
      if (kind === 'embedded') return;
      throw new EventBusError(
        'transport-refused',
        `events go through ${String(kind)} at this gateway, and not through itself: use gatewayTransport(gateway), ` +
          'which follows plexica.yaml',
      );
    },
    publish: queue.publish,
    async subscribe(subscription) {
      if (subscription.group !== gateway.pluginId) {
        throw new EventBusError(
          'setup-invalid',
          `the gateway keeps events for plugins: the group of ${gateway.pluginId} cannot be "${subscription.group}"`,
        );
      }
      return await subscribeToGateway({
        ...subscription,
        gateway,
        clock,
        patience,
        log,
        acknowledge: (onLost) => createAcknowledgements({ gateway, clock, onLost }),
      });
    },
    async deadLetter(letter) {
      const at = parseOrigin(letter.origin);
      if (at === undefined)
        throw new EventBusError('transport-refused', `${letter.origin} is no message of the gateway`);
      try {
        await letters.deadLetter(at.stream, at.seq, letter);
      } catch (error) {
        throw busErrorOf(error);
      }
    },
    async stop() {
      await queue.close();
    },
  };
}
