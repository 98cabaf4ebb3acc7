import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, startProgram } from '../../../test/support/run-program.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
const STYLES = ['standard', 'experimental'];

describe.each(STYLES)('decorators in the %s style', (style) => {
  it('make the class of the guide work as it stands there', async () => {
    const text = await run('handlers.ts', /^\[.*\]$/m);

    expect(JSON.parse(text)).toEqual([
      expect.stringContaining('its object was given to no bus: call bus.register(object) first'),
      ['login', 'item', 'u-1'],
      ['item', 'acme', 'login-1', '1970-01-01T00:00:00.000Z'],
    ]);
  });

  it('fail the start with everything that does not agree with the manifest', async () => {
    const { code, message } = JSON.parse(await run('forgotten.ts', /^\{.*\}$/m));
    const forgotten = style === 'standard' ? 'onUserLogin' : 'Forgotten.onUserLogin';

    expect(code).toBe('setup-invalid');
    expect(message.split('\n')).toEqual([
      'Registered.onLogin handles user.logn, which my-plugin does not subscribe to: add it to "events.subscribes" of its plugin.json',
      'my-plugin subscribes to user.logout, and nothing handles it: add a handler, or take it off "events.subscribes"',
      'Registered.placed publishes orders.placed, which my-plugin does not list: add it to "events.publishes" of its plugin.json',
      `${forgotten} is decorated for user.login, and no object of its class was given to bus.register (or another decorator put a function in its place: put the one of @plexica/event-bus above it)`,
    ]);
  });

  it('pass the type checker', async () => {
    expect(await typeErrors(style)).toBe('');
  });

  async function run(file: string, pattern: RegExp): Promise<string> {
    const program = startProgram(
      [
        `${REPOSITORY}node_modules/tsx/dist/cli.mjs`,
        ...['--tsconfig', `${FIXTURES}${style}/tsconfig.json`, `${FIXTURES}${file}`],
      ],
      { environment: { NODE_OPTIONS: '--conditions=@plexica/source' } },
    );
    try {
      return await program.printed(pattern);
    } finally {
      await program.stop();
    }
  }
});

describe('the event map', () => {
  it.each(['typed', 'typed/experimental'])('lets no wrong name or payload compile: %s', async (folder) => {
    expect(await typeErrors(folder)).toBe('');
  });
});

async function typeErrors(folder: string): Promise<string> {
  const checker = startProgram([
    `${REPOSITORY}node_modules/typescript/bin/tsc`,
    ...['--noEmit', '-p', `${FIXTURES}${folder}`, '--pretty', 'false'],
  ]);
  let text = '';
  checker.process.stdout?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const [code] = await once(checker.process, 'close');
  return code === 0 ? text : `${text}exit code ${code}`;
}
