import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { kafkaClassPath } from './kafka-jars.ts';

/** A Kafka of one or more brokers, each of which can be killed and started again with its data. */
export interface KafkaCluster {
  /** `127.0.0.1:port`, one for each broker; the same after a restart. */
  readonly brokers: readonly string[];
  /** Ends a broker with `SIGKILL`, or politely. */
  kill(index: number, signal?: NodeJS.Signals): Promise<void>;
  /** Starts a broker that was killed, and waits until it answers. */
  start(index: number): Promise<void>;
  /** Ends all brokers and removes their data. */
  stop(): Promise<void>;
}

export interface KafkaClusterOptions {
  /** 1 unless stated. */
  readonly size?: number;
  /** How clients speak to it; `PLAINTEXT` unless stated. */
  readonly clients?: {
    readonly protocol: 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT';
    /** Lines of `server.properties` that go with it. */
    readonly properties: readonly string[];
    /** As `kafka-storage format` takes them: `SCRAM-SHA-512=[name=plexica,password=...]`. */
    readonly scram?: readonly string[];
    /** What a client needs to see that the broker answers. */
    readonly client: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  };
}

/** How long a broker may take to answer, in milliseconds: a JVM on a busy machine. */
const STARTUP = 120_000;
const CLUSTER_ID = 'plexicaTestsAreHere0AA';

/** Starts Apache Kafka without ZooKeeper, each broker a controller too, on ports that the system chose. */
export async function startKafka({ size = 1, clients }: KafkaClusterOptions = {}): Promise<KafkaCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-kafka-'));
  const classPath = await kafkaClassPath();
  const ports = await freePorts(size * 2);
  const nodes = Array.from({ length: size }, (_, index) => ({
    folder: join(folder, String(index)),
    port: ports[index * 2] ?? 0,
    controllerPort: ports[index * 2 + 1] ?? 0,
  }));
  const running: (ChildProcess | undefined)[] = nodes.map(() => undefined);
  const brokers = nodes.map(({ port }) => `127.0.0.1:${port}`);

  const cluster: KafkaCluster = {
    brokers,
    async kill(index, signal = 'SIGKILL') {
      const child = running[index];
      running[index] = undefined;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
    async start(index) {
      launch(index);
      await answers(index, 1);
    },
    async stop() {
      await Promise.all(nodes.map((_, index) => cluster.kill(index)));
      await rm(folder, { recursive: true, force: true });
    },
  };

  try {
    await Promise.all(nodes.map((_, index) => format(index)));
    for (const [index] of nodes.entries()) launch(index);
    await Promise.all(nodes.map((_, index) => answers(index, size)));
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }

  async function format(index: number): Promise<void> {
    const own = nodes[index]?.folder ?? folder;
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'server.properties'), properties(index).join('\n'));
    const scram = (clients?.scram ?? []).flatMap((credential) => ['--add-scram', credential]);
    await promisify(execFile)('java', [
      ...['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool', 'format'],
      ...['--cluster-id', CLUSTER_ID, '--config', join(own, 'server.properties'), ...scram],
    ]);
  }

  function properties(index: number): string[] {
    const { port, controllerPort, folder: own } = nodes[index] ?? { port: 0, controllerPort: 0, folder };
    const voters = nodes.map((node, id) => `${id}@127.0.0.1:${node.controllerPort}`).join(',');
    const protocol = clients?.protocol ?? 'PLAINTEXT';
    const replicas = Math.min(3, size);
    return [
      'process.roles=broker,controller',
      `node.id=${index}`,
      `controller.quorum.voters=${voters}`,
      `listeners=CLIENTS://127.0.0.1:${port},CONTROLLERS://127.0.0.1:${controllerPort}`,
      `advertised.listeners=CLIENTS://127.0.0.1:${port}`,
      'inter.broker.listener.name=CLIENTS',
      'controller.listener.names=CONTROLLERS',
      `listener.security.protocol.map=CLIENTS:${protocol},CONTROLLERS:PLAINTEXT`,
      `log.dirs=${join(own, 'data')}`,
      `offsets.topic.replication.factor=${replicas}`,
      'offsets.topic.num.partitions=3',
      `transaction.state.log.replication.factor=${replicas}`,
      `default.replication.factor=${replicas}`,
      `min.insync.replicas=${Math.max(1, replicas - 1)}`,
      'auto.create.topics.enable=false',
      'group.initial.rebalance.delay.ms=0',
      'group.min.session.timeout.ms=1000',
      'broker.session.timeout.ms=3000',
      'broker.heartbeat.interval.ms=500',
      'num.network.threads=2',
      'num.io.threads=4',
      'log.cleaner.dedupe.buffer.size=8388608',
      ...(clients?.properties ?? []),
      '',
    ];
  }

  function launch(index: number): void {
    const own = nodes[index]?.folder ?? folder;
    const child = spawn(
      'java',
      [
        ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath],
        ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', 'kafka.Kafka', join(own, 'server.properties')],
      ],
      { cwd: own, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const log = createWriteStream(join(own, 'broker.log'), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    running[index] = child;
  }

  /** Resolves once a broker tells of so many brokers and a controller. */
  async function answers(index: number, count: number): Promise<void> {
    const until = Date.now() + STARTUP;
    const broker = brokers[index] ?? '';
    for (;;) {
      const child = running[index];
      if (child === undefined || child.exitCode !== null) {
        const log = await readFile(join(nodes[index]?.folder ?? folder, 'broker.log'), 'utf8');
        throw new Error(`Kafka ended while it started:\n${log.slice(-4000)}`);
      }
      const problem = await lookAt(broker, count);
      if (problem === undefined) return;
      if (Date.now() > until) throw new Error(`Kafka did not answer at ${broker} in time: ${problem}`);
    }
  }

  async function lookAt(broker: string, count: number): Promise<string | undefined> {
    const admin = new Kafka({
      brokers: [broker],
      clientId: 'readiness',
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1_000,
      retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 200 },
      ...clients?.client,
    }).admin();
    try {
      await admin.connect();
      const { brokers: known } = await admin.describeCluster();
      return known.length >= count ? undefined : `it knows ${known.length} of ${count} brokers`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      await admin.disconnect();
    }
  }
}

/** Ports that nobody listens on now. They must be known before the brokers start: each is told those of all. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
