import { describe, expect, it } from 'vitest';
import { run } from './cli.ts';
import type { Io } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { stylesFor } from './diagnostics/styles.ts';

describe('run', () => {
  it.each([
    [['biuld'], 'plexica: there is no command "biuld": did you mean build?\n  = help: plexica --help\n'],
    [['frobnicate'], 'plexica: there is no command "frobnicate"\n  = help: plexica --help\n'],
    [
      ['--config', 'x'],
      'plexica: "--config" stands before the command; options stand behind it\n  = help: plexica --help\n',
    ],
    [
      ['build', '--chek'],
      'plexica: `plexica build` has no option "--chek": did you mean --check?\n  = help: plexica build --help\n',
    ],
    [['build', '-x'], 'plexica: `plexica build` has no option "-x"\n  = help: plexica build --help\n'],
    [['build', '--check=yes'], 'plexica: --check takes no value\n  = help: plexica build --help\n'],
    [
      ['check', '--config'],
      'plexica: --config needs a value: --config FILE\n  = help: plexica check --help\n',
    ],
    [
      ['check', '--format'],
      'plexica: --format needs a value: --format pretty|json\n  = help: plexica check --help\n',
    ],
    [
      ['check', '--format', 'jsn'],
      'plexica: --format cannot be "jsn": did you mean json?\n  = help: plexica check --help\n',
    ],
    [
      ['graph', '--format=svg'],
      'plexica: --format cannot be "svg": use mermaid or dot\n  = help: plexica graph --help\n',
    ],
    [['check', 'crm'], 'plexica: "crm" is more than `plexica check` takes\n  = help: plexica check --help\n'],
    [
      ['explain', 'PLX3002', 'x'],
      'plexica: "x" is more than `plexica explain` takes\n  = help: plexica explain --help\n',
    ],
    [['explain', 'PLX0000'], 'plexica: no finding has the code or name "PLX0000": did you mean PLX1001?\n'],
    [['explain', 'zzz'], 'plexica: no finding has the code or name "zzz": `plexica explain` lists all\n'],
  ])('tells wrong usage: %j', async (argv, message) => {
    expect(await call(argv)).toEqual({ code: 2, out: '', err: message });
  });

  it('shows the commands where none is named', async () => {
    const { code, out, err } = await call([]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const { name, summary } of commands) expect(err).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
    expect((await call(['--help'])).out).toBe(err);
    expect((await call(['--help'])).code).toBe(0);
  });

  it.each(commands.filter((command) => 'run' in command).map(({ name }) => name))(
    'has help for %s',
    async (name) => {
      const { code, out, err } = await call([name, '--help']);

      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage: plexica ${name} `);
      expect(out).toContain('--help');
    },
  );

  it('says its version', async () => {
    expect((await call(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['PLX1103', 'plx1103', 'duplicate-key', 'Duplicate-Key'])('explains %s', async (asked) => {
    const { code, out } = await call(['explain', asked]);

    expect(code).toBe(0);
    expect(out).toMatch(/^# PLX1103 duplicate-key\n/);
  });

  it('lists what it can explain', async () => {
    expect((await call(['explain'])).out).toContain('PLX1103  error    duplicate-key\n');
  });

  it('reports a bug of its own, and shows the stack only when asked', async () => {
    const failing = (environment: Io['environment']) =>
      call(['--version'], {
        environment,
        out: () => {
          throw new Error('boom\u001b[2J');
        },
      });
    const quiet = await failing({});
    const debug = await failing({ PLEXICA_DEBUG: '1' });

    expect(quiet.code).toBe(70);
    expect(quiet.err).toMatch(/^error\[PLX9001\] compiler-bug: boom\\u\{1b\}\[2J\n/);
    expect(quiet.err).not.toContain('cli.test.ts');
    expect(debug.err).toContain('cli.test.ts');
  });
});

async function call(argv: readonly string[], replaced: Partial<Io> = {}) {
  let out = '';
  let err = '';
  const code = await run(argv, {
    workingFolder: '/nowhere',
    environment: {},
    styles: stylesFor(false),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ...replaced,
  });
  return { code, out, err };
}
