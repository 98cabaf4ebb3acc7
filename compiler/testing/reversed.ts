import type { WorkspaceFiles } from './program-of.ts';

/** The same files in the opposite order: what the compiler makes of them may not differ. */
export function reversed(files: WorkspaceFiles): WorkspaceFiles {
  return Object.fromEntries(Object.entries(files).reverse());
}
