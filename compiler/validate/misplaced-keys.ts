/** Keys that people put at the top of a manifest, and where they belong. */
export const MISPLACED_KEYS: ReadonlyMap<string, string> = new Map([
  ['endpoints', 'backend'],
  ['hooks', 'backend'],
  ['services', 'api'],
  ['routes', 'frontend'],
  ['menuItems', 'frontend'],
  ['publishes', 'events'],
  ['subscribes', 'events'],
  ['author', 'metadata'],
  ['license', 'metadata'],
  ['keywords', 'metadata'],
  ['homepage', 'metadata'],
  ['repository', 'metadata'],
]);
