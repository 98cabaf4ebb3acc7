import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventsDocument, isEventsDocument } from '@plexica/types';
import { entryOf } from '../entry-of.ts';
import { type ErrorDetail, SetupError } from '../errors.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import { describeViolations } from '../validation/describe-violations.ts';
import { createSchemaCompilers, type FindViolations } from '../validation/schema-compilers.ts';

/** Who publishes which events, and who is told of them. Belongs to one deployment. */
export interface EventContracts {
  /** Whether there is any event that somebody is told of. */
  readonly any: boolean;
  /** All who are told of any. */
  readonly groups: readonly string[];
  /** What a plugin, or `platform`, may publish. */
  publishedBy(publisher: string): ReadonlySet<string>;
  /** Who may publish an event. */
  publishersOf(name: string): readonly string[];
  /** What a group handles: a plugin, or its hooks (`hooks:<plugin id>`). */
  handledBy(group: string): readonly string[];
  /** The groups that an event is for. */
  groupsOf(name: string): readonly string[];
  /**
   * Whether an event that one publisher was given, or published itself, may have led to an event that the other one
   * published, over as many plugins as it takes.
   */
  leadsTo(from: string, to: string): boolean;
  /**
   * What is wrong with a payload. Defaults of the schema are filled in on the way.
   *
   * @throws Error for a schema that cannot be compiled: the payload cannot be checked, and must not pass
   */
  check(name: string, data: unknown): readonly ErrorDetail[];
}

export const PLATFORM = 'platform';
const REBUILD = 'run `plexica build` and deploy its result whole: routes.json and events.json';

const HOOKS = 'hooks:';

/** The group of a plugin's legacy hooks. */
export function hooksGroupOf(pluginId: string): string {
  return `${HOOKS}${pluginId}`;
}

/** The plugin that a group is, or whose hooks it is. */
export function pluginOfGroup(group: string): string {
  return group.startsWith(HOOKS) ? group.slice(HOOKS.length) : group;
}

/**
 * Reads `events.json` and proves that it is the one that the table was built with. A table that names none says by itself
 * who publishes what, and payloads are not checked.
 *
 * @param out the folder that `plexica build` writes
 * @throws SetupError
 */
export async function loadEventContracts(out: string, prepared: PreparedTable): Promise<EventContracts> {
  const { table } = prepared;
  return eventContracts(
    table.events === undefined
      ? documentOf(table.plugins)
      : await read(join(out, 'events.json'), table.events),
  );
}

function eventContracts({ events }: EventsDocument): EventContracts {
  const published = new Map<string, Set<string>>();
  const handled = new Map<string, string[]>();
  const groups = new Map<string, readonly string[]>();
  const next = new Map<string, Set<string>>();
  for (const [name, { publishers, subscribers, hooks }] of Object.entries(events)) {
    groups.set(name, [...subscribers, ...hooks.map(hooksGroupOf)]);
    for (const group of groups.get(name) ?? []) entryOf(handled, group, () => []).push(name);
    for (const publisher of publishers) {
      entryOf(published, publisher, () => new Set()).add(name);
      for (const subscriber of subscribers) entryOf(next, publisher, () => new Set()).add(subscriber);
    }
  }
  return {
    any: handled.size > 0,
    groups: [...handled.keys()],
    publishersOf: (name) => (Object.hasOwn(events, name) ? (events[name]?.publishers ?? []) : []),
    publishedBy: (publisher) => published.get(publisher) ?? NOTHING,
    handledBy: (group) => handled.get(group) ?? [],
    groupsOf: (name) => groups.get(name) ?? [],
    leadsTo(from, to) {
      const reached = new Set([from]);
      // A set that grows is walked to its end.
      for (const one of reached) {
        if (one === to) return true;
        for (const another of next.get(one) ?? []) reached.add(another);
      }
      return false;
    },
    check: createChecks(events),
  };
}

const NOTHING: ReadonlySet<string> = new Set();

function createChecks(events: EventsDocument['events']): EventContracts['check'] {
  const compilers = createSchemaCompilers();
  const compiled = new Map<string, FindViolations>();
  return (name, data) => {
    const schema = Object.hasOwn(events, name) ? events[name]?.schema : undefined;
    if (schema === undefined) return [];
    const find = entryOf(compiled, name, () => compilers.ofJson(schema));
    return describeViolations('body', find(data));
  };
}

/** What a table of an earlier build says; what nobody publishes is the platform's. */
function documentOf(plugins: PreparedTable['table']['plugins']): EventsDocument {
  const names = new Set(
    plugins.flatMap(({ publishes = [], subscribes = [], hooks = [] }) => [
      ...publishes,
      ...subscribes,
      ...hooks,
    ]),
  );
  const idsOf = (list: 'publishes' | 'subscribes' | 'hooks', name: string) =>
    plugins.filter((plugin) => plugin[list]?.includes(name)).map(({ id }) => id);
  const events = [...names].map((name) => {
    const publishers = idsOf('publishes', name);
    return [
      name,
      {
        publishers: publishers.length === 0 ? [PLATFORM] : publishers,
        subscribers: idsOf('subscribes', name),
        hooks: idsOf('hooks', name),
      },
    ] as const;
  });
  return { format: 1, events: Object.fromEntries(events) };
}

async function read(file: string, digest: string): Promise<EventsDocument> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new SetupError(`${file}, which says who may publish what, cannot be read; ${REBUILD}`, { cause });
  }
  const actual = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (actual !== digest) {
    throw new SetupError(
      `${file} is not the one that the route table was built with: its digest is ${actual}, and the table says ` +
        `${digest}; ${REBUILD}`,
    );
  }
  const document: unknown = JSON.parse(bytes.toString('utf8'));
  if (!isEventsDocument(document)) throw new SetupError(`${file} is not a document of events; ${REBUILD}`);
  return document;
}
