/** How deep objects and lists may stand in one another: far beyond any manifest, far below any stack's end. */
export const DEEPEST_NESTING = 100;

/** Bytes of the largest file that is read. */
export const LARGEST_FILE = 1024 * 1024;

/** Entries of the largest object or list: what judges a file afterwards may take time that grows faster than they do. */
export const MOST_ENTRIES = 10_000;
