/**
 * The names that Kafka knows; those of `@plexica/event-bus`, which a test compares. A deployment may have another prefix
 * (`events.kafka.prefix` of plexica.yaml).
 */
export const PREFIX = 'plexica';

/** Of a publisher: a plugin's id, or `platform`. */
export function topicName(publisher: string): string {
  return `${PREFIX}.${publisher}`;
}

/** Of the hooks of a plugin, which the gateway receives for it. */
export function hooksGroup(pluginId: string): string {
  return `hooks:${pluginId}`;
}

export function groupName(group: string): string {
  return `${PREFIX}.${group}`;
}

export function deadLettersName(group: string): string {
  return `${PREFIX}.${group.replaceAll(':', '.')}.dead-letters`;
}

export function replaysName(group: string): string {
  return `${PREFIX}.${group.replaceAll(':', '.')}.replays`;
}
