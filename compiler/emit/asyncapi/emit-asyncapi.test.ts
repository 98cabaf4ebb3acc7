import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitAsyncApi } from './emit-asyncapi.ts';

const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitAsyncApi', () => {
  it.each(['shop', 'hostile'])('prints the golden document of %s', async (name) => {
    await matchGolden(emitAsyncApi(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('prints the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitAsyncApi(programOf(reversed(files)))]).toEqual([...emitAsyncApi(programOf(files))]);
  });

  it('holds no HTML of a manifest, and refers to nothing outside of it', () => {
    const [file] = emitAsyncApi(programOf(fixture('hostile')));
    const references = [...(file?.text ?? '').matchAll(/"\$ref": "([^"]*)"/g)].map(([, ref]) => ref);
    const descriptions = [...(file?.text ?? '').matchAll(/"description": "(.*)"/g)].map(([, text]) => text);

    expect(references.length).toBeGreaterThan(10);
    expect(references.filter((ref) => !/^#\/(?:channels|components)\//.test(ref ?? ''))).toEqual([]);
    expect(descriptions.filter((text) => /<(?:script|img|b)\b/.test(text ?? ''))).toEqual([]);
  });
});
