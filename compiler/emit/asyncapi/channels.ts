import type { PublishedEvent } from '../../ir/program.ts';
import { publisherId } from '../../ir/publisher-id.ts';
import { escapeMarkdown } from '../openapi/markdown.ts';
import { topicName } from '../topics/topic-names.ts';
import { messageReference } from './references.ts';

/** A channel for each event, whose address is its type. On Kafka the events of one publisher share a topic. */
export function eventChannels(events: readonly PublishedEvent[]): object {
  return Object.fromEntries(events.map((event) => [event.name, channel(event)]));
}

function channel(event: PublishedEvent): object {
  const { name, description } = event;
  return {
    address: name,
    title: name,
    ...(description !== undefined && { description: escapeMarkdown(description) }),
    messages: { [name]: { $ref: messageReference(name) } },
    bindings: { kafka: { topic: topicName(publisherId(event)), bindingVersion: '0.5.0' } },
  };
}
