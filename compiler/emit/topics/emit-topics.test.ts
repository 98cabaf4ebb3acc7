import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitTopics } from './emit-topics.ts';
import { topicPlan } from './topic-plan.ts';

const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitTopics', () => {
  it.each(['shop', 'hostile'])('prints the golden plan of %s', async (name) => {
    await matchGolden(emitTopics(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('prints the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitTopics(programOf(reversed(files)))]).toEqual([...emitTopics(programOf(files))]);
  });

  it('plans every topic that a group reads or writes, each once', () => {
    const { topics, groups } = topicPlan(programOf(fixture('shop')));
    const names = topics.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const { reads, deadLetters } of groups) {
      expect(names).toEqual(expect.arrayContaining([...reads, deadLetters]));
    }
    expect(groups.map(({ id }) => id)).toEqual(['plexica.plugin-orders', 'plexica.hooks:plugin-orders']);
  });
});
