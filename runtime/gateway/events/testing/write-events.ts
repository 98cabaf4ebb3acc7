import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventsDocument, RouteTablePlugin } from '@plexica/types';

/**
 * Writes `events.json` as the compiler does.
 *
 * @param out the folder that `plexica build` would write
 * @param payloads schemas by event name
 * @returns its digest, for the table
 */
export async function writeEvents(
  out: string,
  plugins: readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[],
  payloads: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<string> {
  const idsOf = (list: 'publishes' | 'subscribes' | 'hooks', name: string) =>
    plugins.filter((plugin) => plugin[list]?.includes(name)).map(({ id }) => id);
  const events = Object.entries(payloads).map(([name, schema]) => {
    const publishers = idsOf('publishes', name);
    return [
      name,
      {
        publishers: publishers.length === 0 ? ['platform'] : publishers,
        subscribers: idsOf('subscribes', name),
        hooks: idsOf('hooks', name),
        ...(Object.keys(schema).length === 0 ? {} : { schema }),
      },
    ] as const;
  });
  const document = { format: 1, events: Object.fromEntries(events) } satisfies EventsDocument;
  const text = JSON.stringify(document);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'events.json'), text);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
