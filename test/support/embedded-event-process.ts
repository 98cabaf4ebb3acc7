/** A plugin's process that publishes or handles numbered events over the gateway, and writes down what it has done. */
import { appendFileSync } from 'node:fs';
import { type AnyEvents, createEventBus, gatewayTransport } from '@plexica/event-bus';
import { createGatewayClient } from '@plexica/sdk';

export const NUMBERED = 'counter.number.said';
export const TENANTS = ['acme', 'globex', 'initech', 'umbrella'] as const;

export interface EventProcessOptions {
  readonly role: 'publisher' | 'subscriber';
  readonly gatewayUrl: string;
  readonly token: string;
  /** Gets a line `tenant number` for everything that is done. */
  readonly file: string;
  /** Numbers to publish, from and to. */
  readonly range: readonly [number, number];
}

if (process.argv[2] !== undefined) await run(JSON.parse(process.argv[2]) as EventProcessOptions);

async function run({ role, gatewayUrl, token, file, range: [from, to] }: EventProcessOptions): Promise<void> {
  const pluginId = role === 'publisher' ? 'plugin-counter' : 'plugin-ledger';
  const gateway = createGatewayClient({ pluginId, gatewayUrl, token });
  const contracts = { [NUMBERED]: { publishers: ['plugin-counter'] } };
  const bus = createEventBus<AnyEvents>({
    events: {
      pluginId,
      publishes: role === 'publisher' ? contracts : {},
      subscribes: role === 'publisher' ? {} : contracts,
    },
    transport: gatewayTransport(gateway),
    onFailure: (error) => {
      throw error;
    },
  });
  if (role === 'subscriber') {
    bus.on(NUMBERED, ({ tenantId, data }) =>
      appendFileSync(file, `${tenantId} ${(data as { n: number }).n}\n`),
    );
  }
  await bus.start();
  process.stdout.write('ready\n');
  if (role === 'subscriber') return;
  for (let n = from; n <= to; n += 1) {
    await Promise.all(
      TENANTS.map(async (tenantId) => {
        await bus.publish(NUMBERED, { n }, { served: { tenantId }, id: `${tenantId}-${n}` });
        appendFileSync(file, `${tenantId} ${n}\n`);
      }),
    );
  }
  await bus.stop();
  process.stdout.write('done\n');
}
