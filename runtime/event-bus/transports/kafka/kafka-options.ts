const DEAD_LETTERS = '.dead-letters';

/** Where Kafka is, and how its topics are made. */
export interface KafkaOptions {
  /** `host:port` */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Before the names of topics and groups. */
  readonly prefix: string;
  /** Of a topic that is made. */
  readonly partitions: number;
  /** Undefined for the broker's own default. */
  readonly replicationFactor: number | undefined;
  /** How long events are kept, in milliseconds. */
  readonly retention: number;
  /** PEM texts; undefined without TLS. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
  readonly sasl:
    | {
        readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
        readonly username: string;
        readonly password: string;
      }
    | undefined;
}

/** One topic per publisher, keyed by tenant: a tenant's events of one source keep their order. */
export function topicOf({ prefix }: Pick<KafkaOptions, 'prefix'>, source: string): string {
  return `${prefix}.${source}`;
}

/** Letters by id, for ever: the topic is compacted, and a letter that was replayed has a tombstone. */
export function deadLetterTopicOf({ prefix }: Pick<KafkaOptions, 'prefix'>, group: string): string {
  return `${prefix}.${inTopicName(group)}${DEAD_LETTERS}`;
}

/** What a group is given once more. */
export function replayTopicOf({ prefix }: Pick<KafkaOptions, 'prefix'>, group: string): string {
  return `${prefix}.${inTopicName(group)}.replays`;
}

export function groupIdOf({ prefix }: Pick<KafkaOptions, 'prefix'>, group: string): string {
  return `${prefix}.${group}`;
}

/** The group of legacy hooks, `hooks:plugin-crm`, has a colon, which topics cannot have. */
function inTopicName(group: string): string {
  return group.replaceAll(':', '.');
}

/** Whose events a topic holds; undefined for topics of other kinds, and of others. */
export function sourceOf({ prefix }: Pick<KafkaOptions, 'prefix'>, topic: string): string | undefined {
  const source = topic.startsWith(`${prefix}.`) ? topic.slice(prefix.length + 1) : '';
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(source) ? source : undefined;
}

export function isDeadLetterTopic({ prefix }: Pick<KafkaOptions, 'prefix'>, topic: string): boolean {
  return topic.startsWith(`${prefix}.`) && topic.endsWith(DEAD_LETTERS);
}
