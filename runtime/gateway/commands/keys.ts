import { milliseconds } from '@plexica/types';
import { loadConfig } from '../config/load-config.ts';
import { changeKeyFile, newKey, noKeys, readKeyFile, type StoredKey } from '../identity/key-file.ts';
import { removeKey, rotateKeys } from '../identity/rotate-keys.ts';
import { type Command, configOption, type Io } from './command.ts';
import { type Options, optionValue, UsageError } from './parse-options.ts';

/** Longer than the tokens that the gateway hands out live, in milliseconds. */
const RETIRE_AFTER = 24 * 3_600_000;

export const keys: Command = {
  name: 'keys',
  summary:
    "Lists the gateway's signing keys, makes a new one, or removes one. A gateway that runs takes notice.",
  usage: ['', 'rotate [--retire-after 24h]', 'remove KID'],
  words: 2,
  options: [
    {
      name: 'retire-after',
      value: 'DURATION',
      text: 'rotate: removes keys that were replaced longer ago than this; 24h unless given, 0s removes all but the new one',
    },
    configOption,
  ],

  async run(options, io, [action, kid]) {
    const retireAfter = retireAfterOf(options, action);
    const what = actionOf(action, kid);
    const { keysFile } = await loadConfig(optionValue(options, 'config') ?? 'plexica.yaml', io.environment);
    if (what.kind === 'rotate') await rotate(keysFile, retireAfter, io);
    else if (what.kind === 'remove') await remove(keysFile, what.kid, io);
    else await list(keysFile, io);
    return 0;
  },
};

type Action =
  | { readonly kind: 'list' }
  | { readonly kind: 'rotate' }
  | { readonly kind: 'remove'; readonly kid: string };

function actionOf(action: string | undefined, kid: string | undefined): Action {
  if (action === undefined) return { kind: 'list' };
  if (action === 'rotate' && kid === undefined) return { kind: 'rotate' };
  if (action === 'remove' && kid !== undefined) return { kind: 'remove', kid };
  throw new UsageError('it takes nothing, or rotate, or remove KID');
}

function retireAfterOf(options: Options, action: string | undefined): number {
  const duration = optionValue(options, 'retire-after');
  if (duration === undefined) return RETIRE_AFTER;
  if (action !== 'rotate') throw new UsageError('--retire-after is for `keys rotate`');
  try {
    return milliseconds(duration);
  } catch {
    throw new UsageError(`--retire-after must be a duration such as 30m or 24h, and is "${duration}"`);
  }
}

async function list(file: string, io: Io): Promise<void> {
  const stored = await readKeyFile(file);
  if (stored === undefined) throw noKeys(file);
  const width = Math.max(...stored.map(({ kid }) => kid.length));
  const row = (kid: string, made: string, use: string) =>
    io.out(`${kid.padEnd(width)}  ${made.padEnd(TIME_WIDTH)}  ${use}\n`);
  row('KID', 'MADE', 'USE');
  for (const [at, key] of stored.entries())
    row(key.kid, timeOf(key), at === 0 ? 'signs, verifies' : 'verifies');
}

async function rotate(file: string, retireAfter: number, io: Io): Promise<void> {
  const fresh = newKey(Date.now());
  let dropped: readonly StoredKey[] = [];
  await changeKeyFile(file, (stored) => {
    const rotation = rotateKeys(stored, fresh, retireAfter);
    dropped = rotation.dropped;
    return rotation.keys;
  });
  io.out(`${fresh.kid} signs from now on\n`);
  for (const { kid } of dropped) io.out(`${kid} is removed: what it signed no longer counts\n`);
}

async function remove(file: string, kid: string, io: Io): Promise<void> {
  await changeKeyFile(file, (stored) => removeKey(stored, kid));
  io.out(`${kid} is removed: what it signed no longer counts\n`);
}

const TIME_WIDTH = '2026-01-01T00:00:00Z'.length;

function timeOf({ madeAt }: StoredKey): string {
  return madeAt === undefined ? 'not known' : new Date(madeAt).toISOString().replace(/\.\d+Z$/, 'Z');
}
