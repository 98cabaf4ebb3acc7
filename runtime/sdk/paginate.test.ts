import { expect, test } from 'vitest';
import type { List } from './endpoint.ts';
import { paginate } from './paginate.ts';
import { connect } from './testing/connect.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { startServer } from './testing/test-server.ts';

const endpoint = contactsEndpoint({ answer: 'list' });

/** A server of a list, with the numbers that its pages were asked for. */
async function serveList(pageOf: (skip: number, take: number) => { data: number[]; total: number }) {
  const asked: string[] = [];
  const server = await startServer(({ url }) => {
    const { searchParams } = new URL(url, 'http://gateway');
    asked.push(searchParams.toString());
    const page = pageOf(Number(searchParams.get('skip')), Number(searchParams.get('take')));
    return { json: { success: true, ...page } };
  });
  const client = connect(server);
  return {
    asked,
    walk: (pageSize?: number) => paginate((page) => client.call<List<number>>(endpoint, page), { pageSize }),
  };
}

async function collect<Item>(walk: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of walk) items.push(item);
  return items;
}

const upTo = (total: number) => Array.from({ length: total }, (_, index) => index);

test.for([
  { total: 0, pageSize: 2, pages: 1 },
  { total: 1, pageSize: 2, pages: 1 },
  { total: 4, pageSize: 2, pages: 2 },
  { total: 5, pageSize: 2, pages: 3 },
  { total: 101, pageSize: undefined, pages: 2 },
])('walks $total items in $pages pages of $pageSize', async ({ total, pageSize, pages }) => {
  const list = upTo(total);
  const { asked, walk } = await serveList((skip, take) => ({ data: list.slice(skip, skip + take), total }));
  expect(await collect(walk(pageSize))).toEqual(list);
  expect(asked).toHaveLength(pages);
  expect(asked[0]).toBe(`skip=0&take=${pageSize ?? 100}`);
});

test('goes on where the callee hands out smaller pages than asked', async () => {
  const list = upTo(5);
  const { asked, walk } = await serveList((skip) => ({ data: list.slice(skip, skip + 2), total: 5 }));
  expect(await collect(walk(4))).toEqual(list);
  expect(asked).toEqual(['skip=0&take=4', 'skip=2&take=4', 'skip=4&take=4']);
});

test('ends where the list shrinks meanwhile', async () => {
  const { asked, walk } = await serveList((skip) =>
    skip === 0 ? { data: [0, 1], total: 4 } : { data: [], total: 1 },
  );
  expect(await collect(walk(2))).toEqual([0, 1]);
  expect(asked).toHaveLength(2);
});

test('ends at an empty page, whatever the total says', async () => {
  const { asked, walk } = await serveList((skip) => ({ data: skip === 0 ? [0] : [], total: 1000 }));
  expect(await collect(walk(1))).toEqual([0]);
  expect(asked).toHaveLength(2);
});

test('fetches no page before its first item is asked for', async () => {
  const { asked, walk } = await serveList((skip) => ({ data: [skip], total: 9 }));
  const items = walk(1);
  expect(asked).toEqual([]);
  for await (const item of items) if (item === 1) break;
  expect(asked).toEqual(['skip=0&take=1', 'skip=1&take=1']);
});

test.for([0, -1, 1.5, Number.NaN])('refuses pages of %d', async (pageSize) => {
  const { asked, walk } = await serveList(() => ({ data: [], total: 0 }));
  await expect(collect(walk(pageSize))).rejects.toThrow(RangeError);
  expect(asked).toEqual([]);
});
