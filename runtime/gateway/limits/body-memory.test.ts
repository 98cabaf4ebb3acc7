import { expect, it } from 'vitest';
import { createBodyMemory, type KeptBody } from './body-memory.ts';

function setUp() {
  const memory = createBodyMemory(100);
  const refused: string[] = [];
  const begin = (name: string, pluginId = 'crm'): KeptBody => {
    const body = memory.begin(pluginId, (error) => {
      refused.push(`${name} ${error.code}`);
      body.release();
    });
    return body;
  };
  return { begin, refused };
}

it('refuses the body that has stood still for longest when there is no more room', () => {
  const { begin, refused } = setUp();
  const [one, two, three] = [begin('one'), begin('two'), begin('three')];
  one.grow(40);
  two.grow(40);
  one.grow(10);
  expect(refused).toEqual([]);
  three.grow(20);
  expect(refused).toEqual(['two plugin-busy']);
  three.grow(30);
  three.grow(1);
  expect(refused).toEqual(['two plugin-busy', 'one plugin-busy']);
});

it('refuses as many as it takes, and the one that asks where there is no other', () => {
  const { begin, refused } = setUp();
  for (const name of ['one', 'two', 'three']) begin(name).grow(30);
  begin('large').grow(95);
  expect(refused).toEqual(['one', 'two', 'three'].map((name) => `${name} plugin-busy`));
  begin('next').grow(6);
  expect(refused.at(-1)).toBe('large plugin-busy');
  begin('too large').grow(200);
  expect(refused.slice(-2)).toEqual(['next plugin-busy', 'too large plugin-busy']);
});

it('refuses no body that is there, and the next one instead', () => {
  const { begin, refused } = setUp();
  const there = begin('there');
  there.grow(90);
  there.complete();
  const next = begin('next');
  next.grow(20);
  expect(refused).toEqual(['next plugin-busy']);
  there.release();
  there.release();
  begin('after').grow(100);
  expect(refused).toEqual(['next plugin-busy']);
});

it('keeps plugins apart', () => {
  const { begin, refused } = setUp();
  begin('one').grow(100);
  begin('two', 'analytics').grow(100);
  expect(refused).toEqual([]);
});
