/** The package's folder: the sources stand in it, and what is built from them in `dist/` below it. */
export const packageRoot = new URL(import.meta.url.endsWith('.ts') ? './' : '../', import.meta.url);
