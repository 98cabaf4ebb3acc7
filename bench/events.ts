/** `make bench-events`: events over both transports beside plain kafkajs, in one run. Asserts nothing. */
import { randomUUID } from 'node:crypto';
import { PUBLISHER_IDS, SUBSCRIBER_ID } from '../test/support/event-plugins.ts';
import { createEventWorkspace } from '../test/support/event-workspace.ts';
import { startKafka } from '../test/support/kafka/kafka-broker.ts';
import { startProgram } from '../test/support/run-program.ts';
import type { EventContestant, EventFigures } from './events/measure-events.ts';
import { alternate, median } from './measure.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const PARTITIONS = 6;
const PROGRAM = new URL('events/measure-events.ts', import.meta.url).pathname;

interface Named {
  readonly name: string;
  /** A new one each time: topics of its own. */
  readonly contestant: () => EventContestant;
}

console.log(await benchmarkEvents());

async function benchmarkEvents(): Promise<string> {
  const kafka = await startKafka();
  const workspace = await createEventWorkspace();
  const gateway = await workspace.startGateway();
  try {
    const ids = [...PUBLISHER_IDS, SUBSCRIBER_ID];
    const tokens = await Promise.all(ids.map(async (id) => [id, await workspace.pluginToken(id)] as const));
    const { gatewayUrl } = workspace;
    const embedded = { kind: 'embedded', gatewayUrl, tokens: Object.fromEntries(tokens) } as const;
    const contestants: readonly Named[] = [
      { name: 'kafkajs, 256 in a request', contestant: () => plain(kafka.brokers, true) },
      { name: 'kafkajs, each for itself', contestant: () => plain(kafka.brokers, false) },
      { name: 'event bus over Kafka', contestant: () => overKafka(kafka.brokers) },
      { name: 'event bus over the gateway', contestant: () => ({ route: embedded }) },
    ];
    const results = await alternate(contestants, ROUNDS, ({ contestant }) => measure(contestant()));
    return table(contestants, (one, figure) => median((results.get(one) ?? []).map((each) => each[figure])));
  } finally {
    await gateway.stop();
    await workspace.remove();
    await kafka.stop();
  }
}

function plain(brokers: readonly string[], together: boolean): EventContestant {
  return { plain: { brokers, topic: `plain-${randomUUID()}`, partitions: PARTITIONS, together } };
}

function overKafka(brokers: readonly string[]): EventContestant {
  const options = {
    ...{ brokers, clientId: 'bench', prefix: `bench-${randomUUID()}`, partitions: PARTITIONS },
    ...{ replicationFactor: undefined, retention: 3_600_000, tls: undefined, sasl: undefined },
  };
  return { route: { kind: 'kafka', options } };
}

async function measure(contestant: EventContestant): Promise<EventFigures> {
  const program = startProgram([PROGRAM, JSON.stringify(contestant)]);
  try {
    return JSON.parse((await program.printed(/^figures .*\}$/m)).slice('figures '.length));
  } finally {
    await program.stop('SIGKILL');
  }
}

function table(
  contestants: readonly Named[],
  figureOf: (one: Named, figure: keyof EventFigures) => number,
): string {
  const [base] = contestants;
  const rate = (one: Named, figure: 'published' | 'caughtUp' | 'endToEnd') => {
    const own = figureOf(one, figure);
    const ratio = base === undefined ? 1 : own / figureOf(base, figure);
    return `${own.toFixed(0).padStart(8)}${ratio.toFixed(2).padStart(6)}`;
  };
  const ms = (one: Named, figure: 'p50' | 'p99') => figureOf(one, figure).toFixed(1).padStart(8);
  return [
    `Events of 100 bytes, 64 tenants, one broker or gateway; a second, and as a ratio (medians of ${ROUNDS})`,
    `  ${''.padEnd(26)}${'published'.padStart(14)}${'caught up'.padStart(14)}${'end to end'.padStart(14)}${'p50 ms'.padStart(8)}${'p99 ms'.padStart(8)}`,
    ...contestants.map(
      (one) =>
        `  ${one.name.padEnd(26)}${rate(one, 'published')}${rate(one, 'caughtUp')}${rate(one, 'endToEnd')}${ms(one, 'p50')}${ms(one, 'p99')}`,
    ),
    '  p50, p99: from publish to handled at 200 events a second. The gateway has every event on its disk; the broker in memory.',
    '',
  ].join('\n');
}
