import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../parse/parse-json.ts';
import { listFindings } from '../testing/list-findings.ts';
import { validateManifest } from './validate-manifest.ts';

const BASE = { id: 'plugin-crm', name: 'CRM', version: '1.0.0' };

describe('validateManifest', () => {
  it('accepts a manifest and hands it on', () => {
    const { value, diagnostics } = validate({ ...BASE, 'x-team': { any: ['thing'] } });

    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({ value: BASE, root: { kind: 'object' }, file: { path: 'plugin.json' } });
  });

  it.each<[string, object, readonly string[]]>([
    [
      'a misspelt key',
      { categroy: 'crm' },
      ['PLX2001 "categroy": "categroy" is not a key of the manifest → change it to "category"'],
    ],
    [
      'a key that belongs elsewhere',
      { endpoints: [] },
      ['PLX2001 "endpoints": "endpoints" is not a key of the manifest → move it into "backend"'],
    ],
    [
      'a string for an object with one key',
      { backend: { hooks: ['user.login'] } },
      [
        'PLX2003 "user.login": backend.hooks[0] must be an object, not a string → write { "name": "user.login" }',
      ],
    ],
    [
      'a list for an object',
      { dependencies: [] },
      [
        'PLX2003 "dependencies": dependencies must be an object, not a list → write { … } with the keys "required", "optional" and "conflicts"',
      ],
    ],
    [
      'a key like none',
      { dependencies: { required: [{ id: 'a', colour: 1 }] } },
      [
        'PLX2001 "colour": "colour" is not a key of dependencies.required[0] → remove it, or use "version"; keys of your own begin with "x-"',
      ],
    ],
    [
      'a key of another case',
      { backend: { endpoints: [{ method: 'GET', path: '/', operationID: 'x' }] } },
      [
        'PLX2001 "operationID": "operationID" is not a key of backend.endpoints[0] → change it to "operationId"',
      ],
    ],
    [
      'a missing key of a list entry',
      { permissions: [{ resource: 'contacts' }] },
      ['PLX2002 {: permissions[0] lacks "action" → add "action"'],
    ],
    [
      'a missing key of a named object',
      { metadata: { author: {} } },
      ['PLX2002 "author": metadata.author lacks "name" → add "name"'],
    ],
    [
      'a key that is missing because it is misspelt',
      { permissions: [{ resource: 'contacts', acton: 'read' }] },
      ['PLX2001 "acton": "acton" is not a key of permissions[0] → change it to "action"'],
    ],
    [
      'a number for a string',
      { category: 3 },
      ['PLX2003 3: category must be a string, not the number 3 → put it in quotes: "3"'],
    ],
    [
      'a string for a number',
      { config: [{ key: 'a', type: 'number', label: 'A', validation: { min: '1' } }] },
      ['PLX2003 "1": config[0].validation.min must be a number, not a string → write 1 without quotes'],
    ],
    [
      'a string for a boolean',
      { config: [{ key: 'a', type: 'string', label: 'A', required: 'true' }] },
      ['PLX2003 "true": config[0].required must be true or false, not a string → write true without quotes'],
    ],
    [
      'an object for a list',
      { permissions: {} },
      ['PLX2003 "permissions": permissions must be a list, not an object → put it into a list: [ … ]'],
    ],
    [
      'null',
      { backend: null },
      ['PLX2003 null: backend must be an object, not null → remove the key, or give it a value'],
    ],
    [
      'an unknown value near a known one',
      { backend: { endpoints: [{ method: 'get', path: '/' }] } },
      [
        'PLX2004 "get": backend.endpoints[0].method must be "GET", "POST", "PUT", "PATCH" or "DELETE", not "get" → change it to "GET"',
      ],
    ],
    [
      'an unknown value',
      { frontend: { modules: [{ name: 'a', entry: 'b', type: 'applet' }] } },
      [
        'PLX2004 "applet": frontend.modules[0].type must be "component", "page", "widget" or "layout", not "applet" → use "component", "page", "widget" or "layout"',
      ],
    ],
    [
      'a malformed id',
      { id: 'Plugin CRM' },
      [
        'PLX2005 "Plugin CRM": "Plugin CRM" is not a plugin id → change it to "plugin-crm": lower-case letters, digits and single hyphens, with a letter first',
      ],
    ],
    [
      'a malformed duration',
      { backend: { endpoints: [{ method: 'GET', path: '/', rateLimit: { max: 1, window: '1 m' } }] } },
      [
        'PLX2005 "1 m": "1 m" is not a duration → change it to "1m": a whole number with ms, s, m or h right behind it',
      ],
    ],
    [
      'a malformed status',
      { backend: { endpoints: [{ method: 'GET', path: '/', schema: { response: { '2XX': {} } } }] } },
      ['PLX2005 "2XX": "2XX" is not a status → use a three-digit status, 2xx to 5xx, or default'],
    ],
    [
      'a malformed endpoint',
      { api: { dependencies: [{ pluginId: 'a', version: '1', endpoints: ['get /x'] }] } },
      [
        'PLX2005 "get /x": "get /x" is not an endpoint → change it to "GET /x": the method in capitals, one space, and the path',
      ],
    ],
    ['an empty string', { name: '' }, ['PLX2006 "": name is empty → write something, or remove the key']],
    [
      'too long a string',
      { name: 'n'.repeat(201) },
      [`PLX2006 "${'n'.repeat(201)}": name is longer than 200 characters → shorten it`],
    ],
    [
      'an empty list',
      { api: { services: [{ name: 'a', version: '1.0.0', endpoints: [] }] } },
      ['PLX2006 "endpoints": api.services[0].endpoints is an empty list → add an entry, or remove the key'],
    ],
    [
      'too small a number',
      { backend: { endpoints: [{ method: 'GET', path: '/', timeoutMs: 0 }] } },
      ['PLX2006 0: backend.endpoints[0].timeoutMs must be 1 or more → use 1 or more'],
    ],
    [
      'nothing of a choice',
      { backend: { endpoints: [{ method: 'GET', path: '/', returns: {} }] } },
      [
        'PLX2007 "returns": backend.endpoints[0].returns needs one of "data", "list" or "message" → add "data", "list" or "message"',
      ],
    ],
    [
      'two of a choice',
      { backend: { endpoints: [{ method: 'GET', path: '/', returns: { data: {}, list: {} } }] } },
      [
        'PLX2007 "list": backend.endpoints[0].returns may have only one of "data", "list" or "message" → remove "data" or "list"',
      ],
    ],
    [
      'a malformed alternative',
      { events: { publishes: ['Contact Created'] } },
      [
        'PLX2005 "Contact Created": "Contact Created" is not an event name → change it to "contact-created": lower-case words of letters, digits, underscores and hyphens, separated by dots',
      ],
    ],
    [
      'a value that fits no alternative',
      { events: { subscribes: [5] } },
      [
        'PLX2003 5: events.subscribes[0] must be a string or an object, not the number 5 → put it in quotes: "5"',
      ],
    ],
    [
      'alternatives in alternatives',
      { dependencies: { required: ['A B', { id: 'a' }], optional: { 'B C': '1' } } },
      [
        'PLX2005 "A B": "A B" is not a plugin id → change it to "a-b": lower-case letters, digits and single hyphens, with a letter first',
        'PLX2005 "B C": "B C" is not a plugin id → change it to "b-c": lower-case letters, digits and single hyphens, with a letter first',
      ],
    ],
    [
      'a bad name of a schema',
      { schemas: { 'my-contact': {} } },
      [
        'PLX2005 "my-contact": "my-contact" is not a name for a schema → change it to "my_contact": letters, digits and underscores, with a letter first',
      ],
    ],
  ])('tells %s once, in the words of the manifest', (_, rest, findings) => {
    expect(told({ ...BASE, ...rest })).toEqual(findings);
  });

  it.each(['[]', '"plugin"', 'null'])('wants an object, not %s', (text) => {
    const { value, diagnostics } = validateText(text);

    expect(diagnostics).toMatchObject([{ kind: { code: 'PLX2003' } }]);
    expect(value).toBeUndefined();
  });

  it('reads on behind unknown keys, and behind nothing else', () => {
    expect(validate({ ...BASE, colour: 'red' }).value?.value.id).toBe('plugin-crm');
    expect(validate({ ...BASE, name: 5 }).value).toBeUndefined();
    expect(validate({ id: 'a', version: '1.0.0', nmae: 'CRM' }).value).toBeUndefined();
  });

  it.each([
    ['at the top', '{"id": "a", "name": "A", "version": "1.0.0", "__proto__": {"version": "2.0.0"}}'],
    ['in free data', '{"id": "a", "name": "A", "version": "1.0.0", "x-a": [{"__proto__": {}}]}'],
    [
      'in a schema',
      '{"id": "a", "name": "A", "version": "1.0.0", "schemas": {"A": {"properties": {"__proto__": {}}}}}',
    ],
  ])('refuses __proto__ as a key %s', (_, text) => {
    expect(listFindings(validateText(text).diagnostics)).toEqual([
      expect.stringMatching(/^PLX2001 .* "__proto__" cannot be a key$/),
    ]);
  });

  it('keeps names of Object.prototype ordinary', () => {
    const { value, diagnostics } = validate({ ...BASE, schemas: { constructor: {}, toString: {} } });

    expect(diagnostics).toEqual([]);
    expect(Object.keys(value?.value.schemas ?? {})).toEqual(['constructor', 'toString']);
    expect(told({ ...BASE, constructor: {} })).toEqual([
      expect.stringContaining('"constructor" is not a key'),
    ]);
  });

  it('never throws, and finds something wherever it gives no value', () => {
    const keys = fc.constantFrom(
      'id',
      'name',
      'version',
      'backend',
      'endpoints',
      'api',
      'services',
      'dependencies',
      'required',
      'returns',
      'data',
      'events',
      'publishes',
      'a/b',
      '~',
      '__proto__',
    );
    const documents = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('any'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(documents.any, (document) => {
        const { value, diagnostics } = validate(document);
        expect(value !== undefined || diagnostics.length > 0).toBe(true);
        for (const { message, at } of diagnostics) {
          expect(message).not.toMatch(/undefined|\[object|must NOT|NaN/);
          expect(at.start).toBeLessThanOrEqual(at.end);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function validate(manifest: unknown) {
  return validateText(JSON.stringify(manifest));
}

function validateText(text: string) {
  const file = { path: 'plugin.json', text };
  const root = parseJson(file).value;
  if (root === undefined) throw new Error(`${text} does not parse`);
  return validateManifest(file, root, new Map());
}

/** Each finding as `code marked text: message → help`. */
function told(manifest: unknown): readonly string[] {
  return validate(manifest).diagnostics.map(
    ({ kind, at, message, help }) =>
      `${kind.code} ${at.file.text.slice(at.start, at.end)}: ${message} → ${help ?? ''}`,
  );
}
