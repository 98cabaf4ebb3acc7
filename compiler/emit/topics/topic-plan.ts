import type { Plugin, Program, PublishedEvent, Subscription } from '../../ir/program.ts';
import { publisherId } from '../../ir/publisher-id.ts';
import { deadLettersName, groupName, hooksGroup, PREFIX, replaysName, topicName } from './topic-names.ts';

/** A topic per publisher, and for each group of consumers one with dead letters and one with what it is given again. */
export interface TopicPlan {
  readonly format: 1;
  /** With which all names begin. */
  readonly prefix: string;
  readonly topics: readonly Topic[];
  readonly groups: readonly ConsumerGroup[];
}

export interface Topic {
  readonly name: string;
  readonly holds: 'events' | 'replays' | 'dead-letters';
  /** Who writes to it: a plugin's id, or `platform`; the other topics are written to by their group, and by the gateway. */
  readonly publisher?: string;
  /** Whose it is, where it holds no first deliveries. */
  readonly group?: string;
  /** Keyed by tenant, events of one publisher and one tenant keep their order. */
  readonly key: 'tenantid' | 'letter';
  readonly cleanupPolicy: 'delete' | 'compact';
  readonly events?: readonly string[];
}

export interface ConsumerGroup {
  readonly id: string;
  readonly plugin: string;
  /** Whether the plugin handles events itself, or the gateway delivers them to its hooks. */
  readonly handledBy: 'plugin' | 'gateway';
  readonly events: readonly string[];
  /** Topics that it reads. */
  readonly reads: readonly string[];
  readonly deadLetters: string;
}

export function topicPlan({ plugins, events }: Program): TopicPlan {
  const groups = plugins.flatMap((plugin) => groupsOf(plugin));
  return {
    format: 1,
    prefix: PREFIX,
    topics: [...eventTopics(events), ...groups.flatMap(({ name }) => groupTopics(name))],
    groups: groups.map(({ group }) => group),
  };
}

function eventTopics(events: readonly PublishedEvent[]): Topic[] {
  const publishers = [...new Set(events.map(publisherId))];
  return publishers.map((publisher) => ({
    name: topicName(publisher),
    holds: 'events',
    publisher,
    key: 'tenantid',
    cleanupPolicy: 'delete',
    events: events.filter((event) => publisherId(event) === publisher).map(({ name }) => name),
  }));
}

function groupTopics(name: string): Topic[] {
  const group = groupName(name);
  return [
    { name: replaysName(name), holds: 'replays', group, key: 'tenantid', cleanupPolicy: 'delete' },
    { name: deadLettersName(name), holds: 'dead-letters', group, key: 'letter', cleanupPolicy: 'compact' },
  ];
}

interface NamedGroup {
  /** Without the prefix. */
  readonly name: string;
  readonly group: ConsumerGroup;
}

function groupsOf(plugin: Plugin): NamedGroup[] {
  const { id, subscribes, hooks } = plugin;
  return [
    ...groupOf(plugin, id.value, 'plugin', subscribes),
    ...groupOf(plugin, hooksGroup(id.value), 'gateway', hooks),
  ];
}

function groupOf(
  { id }: Plugin,
  name: string,
  handledBy: ConsumerGroup['handledBy'],
  subscriptions: readonly Subscription[],
): NamedGroup[] {
  const events = subscriptions.map(({ event }) => event).filter((event) => event !== undefined);
  if (events.length === 0) return [];
  const sources = new Set(events.map((event) => topicName(publisherId(event))));
  const group = {
    id: groupName(name),
    plugin: id.value,
    handledBy,
    events: events.map((event) => event.name),
    reads: [...sources, replaysName(name)],
    deadLetters: deadLettersName(name),
  };
  return [{ name, group }];
}
