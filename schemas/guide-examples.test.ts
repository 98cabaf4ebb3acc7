import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validatePluginManifest, validateServiceRegistration } from './index.ts';

/** The manifest examples of the plugin backend guide, word for word. */
const fixtures = JSON.parse(readFileSync(new URL('fixtures/guide-examples.json', import.meta.url), 'utf8'));
const minimal = { id: 'myplugin', name: 'My Plugin', version: '1.0.0' };

describe('the guide’s examples', () => {
  it.each(fixtures.manifests as { title: string; text: string }[])('$title is valid', ({ text }) => {
    expect(validatePluginManifest({ ...minimal, ...JSON.parse(text) })).toEqual([]);
  });

  it('the registration request is valid', () => {
    expect(validateServiceRegistration(JSON.parse(fixtures.registration))).toEqual([]);
  });

  it('the manifest of sample-analytics is the full example, with a hook and an endpoint more', () => {
    const sample = readFileSync(new URL('../plugins/sample-analytics/plugin.json', import.meta.url), 'utf8');

    const { backend, ...rest } = JSON.parse(fixtures.manifests[0].text);
    expect(JSON.parse(sample)).toMatchObject({
      ...rest,
      backend: {
        ...backend,
        hooks: expect.arrayContaining(backend.hooks),
        endpoints: expect.arrayContaining(backend.endpoints),
      },
    });
  });
});
