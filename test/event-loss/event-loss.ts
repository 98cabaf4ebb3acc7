/**
 * Publishes numbered events while brokers or the gateway, publishers and subscribers are killed again and again. Every
 * event that was accepted must be handled, and those of one tenant and source in the order in which they were published.
 *
 *   make event-loss           100,000 events, over the gateway and over Kafka
 *   EVENTS=3000 TRANSPORT=embedded SEED=7 make event-loss
 *   TRANSPORT=kafka BROKERS=3 make event-loss
 */
import { startGatewayCarrier } from './gateway-carrier.ts';
import { startKafkaCarrier } from './kafka-carrier.ts';
import { isClean, type KillRun, runThroughKills } from './run-through-kills.ts';

const { EVENTS = '100000', TRANSPORT = 'both', SEED, BROKERS = '1', WORKERS = '1' } = process.env;
const events = Number(EVENTS);
const seed = Number(SEED ?? Date.now() % 1_000_000);
/** Events a second, at most: so that there is time for kills. */
const RATE = 2_000;
const LEAST_SECONDS = 8;
const EVENTS_PER_KILL = 12_500;

for (const kind of TRANSPORT === 'both' ? ['embedded', 'kafka'] : [TRANSPORT]) {
  const carrier =
    kind === 'kafka' ? await startKafkaCarrier(Number(BROKERS)) : await startGatewayCarrier(Number(WORKERS));
  try {
    const run = await runThroughKills({
      carrier,
      events,
      seed,
      seconds: Math.max(LEAST_SECONDS, events / RATE),
      kills: Math.max(1, Math.round(events / EVENTS_PER_KILL)),
    });
    console.log(inWords(run));
    if (!isClean(run)) process.exitCode = 1;
  } finally {
    await carrier.stop();
  }
}

function inWords(run: KillRun): string {
  const { kills } = run;
  const rows: readonly (readonly [string, number])[] = [
    ['published', run.published],
    ['accepted', run.accepted],
    ['handled', run.handled],
    ['lost', run.lost.length],
    ['out of order', run.outOfOrder.length],
    ['never published', run.strange.length],
    ['dead letters', run.deadLetters],
    ['duplicates', run.duplicates],
    ['kills: broker or gateway', kills.carrier],
    ['kills: publishers', kills.publishers],
    ['kills: subscribers', kills.subscribers],
    ['seconds', Math.round(run.seconds)],
  ];
  const examples = Object.entries({ lost: run.lost, 'out of order': run.outOfOrder, strange: run.strange })
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `  ${what}: ${names.slice(0, 5).join(', ')}`);
  return [
    `event loss: ${run.carrier}, SEED=${seed}`,
    ...rows.map(([name, count]) => `  ${name.padEnd(26)}${count.toLocaleString('en').padStart(9)}`),
    ...examples,
    ...(isClean(run) ? [] : [`  what was written down: ${run.folder}`]),
    ...(run.problem === undefined ? [] : [`  ${run.problem}`]),
    '',
  ].join('\n');
}
