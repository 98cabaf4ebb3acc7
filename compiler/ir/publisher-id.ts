import type { PublishedEvent } from './program.ts';

/** Who publishes core events. No plugin has this id (rule `reserved-plugin-id`). */
export const PLATFORM = 'platform';

/** Who publishes an event: the id of a plugin, or `platform`. */
export function publisherId({ plugin }: PublishedEvent): string {
  return plugin?.id.value ?? PLATFORM;
}
