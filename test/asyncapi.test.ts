import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { compile, diskHost } from '@plexica/compiler';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKSPACES = {
  'the example plugins': ROOT,
  'a shop': join(ROOT, 'compiler/emit/fixtures/shop'),
  'manifests that try to become code': join(ROOT, 'compiler/emit/fixtures/hostile'),
};

describe('the AsyncAPI document', { timeout: 60_000 }, () => {
  it.each(Object.entries(WORKSPACES))('of %s is valid, and says who does what', async (_, workspace) => {
    const { files, program } = await compile(diskHost(workspace, {}));
    const text = files.find(({ path }) => path === 'asyncapi.json')?.text ?? '';
    const { document, diagnostics } = await new Parser().parse(text);
    const events = program?.events ?? [];

    // That there is a later version of AsyncAPI is no finding: tools for 3.0 are in wide use.
    const findings = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version');
    expect(findings.map(({ code, message, path }) => [code, message, path.join('.')])).toEqual([]);
    expect(
      document
        ?.channels()
        .all()
        .map((channel) => channel.address()),
    ).toEqual(events.map(({ name }) => name));
    for (const { id, publishes, subscribes, hooks } of program?.plugins ?? []) {
      const own = document
        ?.operations()
        .all()
        .filter((operation) => operation.tags().all()[0]?.name() === id.value);
      const sent = own?.filter((operation) => operation.isSend()).length;
      expect([sent, own?.length]).toEqual([
        publishes.length,
        publishes.length + subscribes.length + hooks.length,
      ]);
    }
    for (const { name, schema } of events) {
      const message = document?.components().messages().get(name);
      expect(message?.headers()?.property('type')?.const()).toBe(name);
      expect(message?.hasPayload()).toBe(schema !== undefined);
    }
  });

  it('would be told apart from one that is not valid', async () => {
    const { diagnostics } = await new Parser().parse({
      asyncapi: '3.0.0',
      info: { title: 'x', version: '1' },
      operations: { a: { action: 'send', channel: { $ref: '#/channels/none' } } },
    });
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});
