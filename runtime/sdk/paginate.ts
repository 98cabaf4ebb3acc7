import type { List } from './endpoint.ts';

/** Which part of a list to fetch. */
export interface Page {
  readonly skip: number;
  readonly take: number;
}

/**
 * Walks through a whole list, page by page: `paginate((page) => crm.contacts.list({ ...page, search }))`.
 * A page is fetched when its first item is asked for. Items that are added or removed meanwhile may be
 * missed or seen twice, as with any paging by number.
 *
 * @param options.pageSize 100 unless stated; the callee may hand out smaller pages
 */
export async function* paginate<Item>(
  fetchPage: (page: Page) => Promise<List<Item>>,
  options: { readonly pageSize?: number | undefined } = {},
): AsyncGenerator<Item, void, undefined> {
  const take = options.pageSize ?? 100;
  if (!Number.isInteger(take) || take < 1)
    throw new RangeError(`pageSize is ${take}, not a whole number above 0`);
  for (let skip = 0; ; ) {
    const { items, total } = await fetchPage({ skip, take });
    yield* items;
    skip += items.length;
    // A page without items ends the walk even where the callee's total says otherwise.
    if (items.length === 0 || skip >= total) return;
  }
}
