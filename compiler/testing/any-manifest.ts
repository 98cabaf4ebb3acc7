import { isPluginManifest } from '@plexica/types';
import fc from 'fast-check';

/**
 * Manifests that their schema accepts and that are wrong in every other way: few names, so that they clash, paths of
 * all kinds, references that lead nowhere or in circles.
 */
const id = fc.constantFrom('a', 'b', 'a-1', 'a1', 'plugin-a', 'health', 'delete', 'constructor');
const version = fc.constantFrom('1.0.0', '2.0.0', '1.0', 'banana', 'v1');
const range = fc.constantFrom('^1.0.0', '*', 'latest', '>=2');
const method = fc.constantFrom('GET', 'POST', 'DELETE');
const serviceName = fc.constantFrom('a', 'a.b', 'a-b', 'a.b.c', 'constructor');
const permission = fc.constantFrom('a:b', 'a:c', 'admin', 'plugin.a.a.b', 'plugin.x.a.b');

const segment = fc.constantFrom('x', 'y', ':id', ':other', '', '..', '*', '{id}', ':a-:b', 'ü', ':__proto__');
const path = fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`);

const { schema } = fc.letrec<{ schema: object; part: unknown }>((tie) => ({
  schema: fc.dictionary(
    fc.constantFrom(
      ...[
        '$ref',
        '$id',
        'type',
        'properties',
        'items',
        'required',
        'anyOf',
        'allOf',
        'default',
        'enum',
        'pattern',
        'if',
      ],
      ...['description', 'additionalProperties', 'patternProperties', 'format', 'x-a', 'minLength'],
    ),
    tie('part'),
    { maxKeys: 3 },
  ),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(
      'string',
      'object',
      '#/schemas/A',
      '#/schemas/B',
      './a.json',
      '(a+)+$',
      'https://x/',
      true,
      1,
    ),
    tie('schema'),
    fc.array(tie('schema'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('id', 'success', 'data', 'body', 'constructor'), tie('schema'), {
      maxKeys: 2,
    }),
    fc.constant(['id']),
  ),
}));

const endpoint = fc.record(
  {
    method,
    path,
    operationId: fc.constantFrom('list', 'health', 'constructor'),
    auth: fc.boolean(),
    requiresAuth: fc.boolean(),
    permissions: fc.array(permission, { maxLength: 2 }),
    body: schema,
    returns: fc.oneof(
      fc.record({ data: schema }),
      fc.record({ list: schema }),
      fc.constant({ message: true }),
    ),
    schema: fc.record(
      {
        params: schema,
        querystring: schema,
        headers: schema,
        body: schema,
        response: fc.dictionary(fc.constantFrom('200', '404', '2xx'), schema),
      },
      { requiredKeys: [] },
    ),
    timeoutMs: fc.constantFrom(1, 2),
    rateLimit: fc.constant({ max: 1, window: '99999999999999999999999h' }),
    validateBody: fc.boolean(),
    webSocket: fc.boolean(),
  },
  { requiredKeys: ['method', 'path'] },
);

const configField = fc.record(
  {
    key: fc.constantFrom('k', 'l'),
    type: fc.constantFrom('string', 'number', 'boolean', 'select', 'multiselect', 'json'),
    label: fc.constant('L'),
    default: fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>('a', ['a', 'a'])),
    options: fc.array(fc.record({ value: fc.constantFrom('a', 'b'), label: fc.constant('L') }), {
      maxLength: 2,
    }),
    validation: fc.record(
      {
        min: fc.integer(),
        max: fc.integer(),
        minLength: fc.nat(9),
        maxLength: fc.nat(9),
        pattern: fc.constantFrom('^a', '[', '(a+)+$'),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['key', 'type', 'label'] },
);

const dependency = fc.record(
  {
    pluginId: id,
    version: range,
    serviceName,
    required: fc.boolean(),
    endpoints: fc.array(fc.constantFrom('GET /x', 'GET /x/:z', 'GET /', 'DELETE //'), {
      minLength: 1,
      maxLength: 2,
    }),
  },
  { requiredKeys: ['pluginId', 'version'] },
);

const dependencySet = fc.oneof(
  fc.dictionary(id, range, { maxKeys: 2 }),
  fc.array(fc.oneof(id, fc.record({ id, version: range }, { requiredKeys: ['id'] })), { maxLength: 2 }),
);

const eventName = fc.constantFrom('e', 'a.e', 'a.-e', 'constructor', 'record', 'user.login');
const event = fc.oneof(eventName, fc.record({ name: eventName, schema }, { requiredKeys: ['name'] }));

const few = { maxLength: 3 };

export const anyManifest: fc.Arbitrary<{ readonly id: string }> = fc
  .record(
    {
      id,
      name: fc.constant('N'),
      version,
      permissions: fc.array(
        fc.constantFrom({ resource: 'a', action: 'b' }, { resource: 'a', action: 'c' }),
        few,
      ),
      config: fc.array(configField, few),
      schemas: fc.dictionary(fc.constantFrom('A', 'B', 'AB', 'string'), schema, { maxKeys: 3 }),
      backend: fc.record(
        { endpoints: fc.array(endpoint, few), hooks: fc.array(fc.record({ name: eventName }), few) },
        { requiredKeys: [] },
      ),
      api: fc.record(
        {
          services: fc.array(
            fc.record({
              name: serviceName,
              version,
              endpoints: fc.array(endpoint, { minLength: 1, maxLength: 3 }),
            }),
            few,
          ),
          dependencies: fc.array(dependency, few),
        },
        { requiredKeys: [] },
      ),
      events: fc.record(
        { publishes: fc.array(event, few), subscribes: fc.array(event, few) },
        { requiredKeys: [] },
      ),
      dependencies: fc.record(
        { required: dependencySet, optional: dependencySet, conflicts: fc.array(id, few) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['id', 'name', 'version'] },
  )
  // A generator that strays from the schema would test the wrong phase.
  .map((manifest) => {
    if (!isPluginManifest(manifest)) throw new TypeError(`no manifest: ${JSON.stringify(manifest)}`);
    return manifest;
  });
