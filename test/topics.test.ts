import { fileURLToPath } from 'node:url';
import { compile, diskHost } from '@plexica/compiler';
import { expect, it } from 'vitest';
import {
  deadLetterTopicOf,
  groupIdOf,
  replayTopicOf,
  topicOf,
} from '../runtime/event-bus/transports/kafka/kafka-options.ts';

const SHOP = fileURLToPath(new URL('../compiler/emit/fixtures/shop', import.meta.url));
const KAFKA = { prefix: 'plexica' };

it('plans the topics and groups that the event bus uses', async () => {
  const { files, program } = await compile(diskHost(SHOP, {}));
  const { topics, groups } = JSON.parse(files.find(({ path }) => path === 'topics.json')?.text ?? '');
  const plugins = program?.plugins ?? [];
  const publishers = plugins.filter(({ publishes }) => publishes.length > 0).map(({ id }) => id.value);
  const names = plugins.flatMap(({ id, subscribes, hooks }) => [
    ...(subscribes.length > 0 ? [id.value] : []),
    ...(hooks.length > 0 ? [`hooks:${id.value}`] : []),
  ]);

  expect(names.length).toBeGreaterThan(1);
  expect(groups.map(({ id }: { id: string }) => id)).toEqual(names.map((name) => groupIdOf(KAFKA, name)));
  expect(topics.map(({ name }: { name: string }) => name)).toEqual([
    ...['platform', ...publishers].map((publisher) => topicOf(KAFKA, publisher)),
    ...names.flatMap((name) => [replayTopicOf(KAFKA, name), deadLetterTopicOf(KAFKA, name)]),
  ]);
});
