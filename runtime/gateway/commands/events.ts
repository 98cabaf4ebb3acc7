import type { DomainEvent, EventArchive, StoredDeadLetter } from '@plexica/event-bus';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { SetupError } from '../errors.ts';
import { openArchive } from '../events/open-archive.ts';
import { type Command, configOption, type Io } from './command.ts';
import { type Options, optionValue, UsageError } from './parse-options.ts';

const ACTIONS = ['tail', 'dead-letters', 'replay'];

export const events: Command = {
  name: 'events',
  summary: 'Shows events as they are published, lists dead letters, or gives one to its group once more.',
  usage: [
    'tail [--name EVENT]… [--format json]',
    'dead-letters [--group PLUGIN] [--format json]',
    'replay ID…',
    'replay --group PLUGIN',
  ],
  words: Number.POSITIVE_INFINITY,
  options: [
    {
      name: 'name',
      value: 'EVENT',
      text: 'tail: only this event; may be given again and again',
      repeatable: true,
    },
    {
      name: 'group',
      value: 'PLUGIN',
      text: 'only the letters of this plugin; hooks:PLUGIN for those of its legacy hooks',
    },
    { name: 'format', value: 'pretty|json', text: 'one JSON object a line, instead of a line for people' },
    configOption,
  ],

  async run(options, io, [action = '', ...ids]) {
    const asJson = formatOf(options) === 'json';
    const group = optionValue(options, 'group');
    if (!ACTIONS.includes(action)) throw new UsageError(`it takes ${ACTIONS.join(', ')}`);
    if (action === 'replay' ? ids.length === 0 && group === undefined : ids.length > 0) {
      throw new UsageError(
        action === 'replay' ? 'replay takes ids, or --group' : `${action} takes no more words`,
      );
    }
    const config = await loadConfig(optionValue(options, 'config') ?? 'plexica.yaml', io.environment);
    return await withArchive(config, async (archive) => {
      if (action === 'tail') return tail(archive, options.get('name') ?? [], asJson, io);
      if (action === 'dead-letters') return list(archive, group, asJson, io);
      return replay(archive, ids.length > 0 ? ids : await idsOf(archive, group), io);
    });
  },
};

async function withArchive(
  config: GatewayConfig,
  use: (archive: EventArchive) => Promise<number>,
): Promise<number> {
  const { archive, close } = await openArchive(config);
  try {
    return await use(archive);
  } catch (cause) {
    // Kafka that does not answer, or does not want to: its words say what to do.
    if (cause instanceof Error && cause.name === 'EventBusError')
      throw new SetupError(cause.message, { cause });
    throw cause;
  } finally {
    close();
  }
}

function formatOf(options: Options): string {
  const format = optionValue(options, 'format') ?? 'pretty';
  if (format === 'pretty' || format === 'json') return format;
  throw new UsageError(`--format must be pretty or json, and is "${format}"`);
}

/** Until Ctrl-C. */
async function tail(
  archive: EventArchive,
  names: readonly string[],
  asJson: boolean,
  io: Io,
): Promise<number> {
  const stop = new AbortController();
  io.onSignal((wish) => {
    if (wish === 'stop') stop.abort();
  });
  io.err('Events as they are published; Ctrl-C ends it.\n');
  for await (const event of archive.tail(names, stop.signal)) {
    io.out(asJson ? `${JSON.stringify(shown(event))}\n` : `${lineOf(event)}\n`);
  }
  return 0;
}

async function list(
  archive: EventArchive,
  group: string | undefined,
  asJson: boolean,
  io: Io,
): Promise<number> {
  let count = 0;
  for await (const letter of archive.deadLetters(group)) {
    count += 1;
    // What is an event is shown as one: its bytes hold a credential.
    const { event, raw, ...rest } = letter;
    io.out(
      asJson
        ? `${JSON.stringify({ ...rest, ...(event === undefined ? { raw } : { event: shown(event) }) })}\n`
        : `${letterLines(letter)}\n`,
    );
  }
  if (!asJson)
    io.err(count === 0 ? 'There are no dead letters.\n' : `${count} in all; plexica events replay ID\n`);
  return 0;
}

async function idsOf(archive: EventArchive, group: string | undefined): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of archive.deadLetters(group)) ids.push(id);
  return ids;
}

/** 1 where one of them is not there: the others are replayed all the same. */
async function replay(archive: EventArchive, ids: readonly string[], io: Io): Promise<number> {
  let missing = 0;
  for await (const { id, found } of archive.replay(ids)) {
    if (found) {
      io.out(`${id} is given to its group once more\n`);
    } else {
      missing += 1;
      io.err(`there is no dead letter ${id}; plexica events dead-letters lists them\n`);
    }
  }
  return missing === 0 ? 0 : 1;
}

/** Without the signed context: it is a credential. */
function shown({ tenantContext: _context, ...event }: DomainEvent): object {
  return event;
}

function lineOf({ time, name, tenantId, source, id, data }: DomainEvent): string {
  return printable(`${time}  ${name}  tenant ${tenantId}  from ${source}  ${id}  ${JSON.stringify(data)}`);
}

function letterLines({
  id,
  group,
  event,
  origin,
  reason,
  error,
  attempts,
  failedAt,
}: StoredDeadLetter): string {
  const what = event === undefined ? 'no event' : `${event.name} of tenant ${event.tenantId}`;
  const times = attempts === 0 ? 'never handled' : `${attempts} attempt${attempts === 1 ? '' : 's'}`;
  const lines = [
    id,
    `  ${failedAt}  ${group}  ${what}`,
    `  ${reason} (${times}): ${error}`,
    `  from ${origin}`,
  ];
  return lines.map(printable).join('\n');
}

/** What others wrote must not steer the terminal of whoever reads it, nor look like a line of ours. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
