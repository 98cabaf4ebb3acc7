/** Few enough never to run out of file handles. */
const AT_ONCE = 32;

/** Applies an asynchronous function to all items, some at a time; the results keep the items' order. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  apply: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) results[index] = await apply(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  return results;
}
