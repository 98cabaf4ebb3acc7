import type { Page, PageQuery } from '../types/index.ts';

/** Cuts one page out of all that match. */
export function pageOf<T>(matches: readonly T[], { skip = 0, take }: PageQuery, pageSize: number): Page<T> {
  return { items: matches.slice(skip, skip + (take ?? pageSize)), total: matches.length };
}

/** Whether one of the texts has `search` in it, in any case. */
export function hasText(texts: readonly (string | undefined)[], search: string): boolean {
  const wanted = search.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}
