import { describe, expect, it } from 'vitest';
import type { Route } from '../ir/program.ts';
import { programOf } from '../testing/program-of.ts';

describe('the answer of a route', () => {
  const envelope = (properties: object) => ({
    type: 'object',
    properties: { success: { const: true }, ...properties },
  });
  const response = (status: string, schema: object) => ({ schema: { response: { [status]: schema } } });
  const contact = { $ref: '#/schemas/Contact' };

  it.each<[string, object, object]>([
    ['returns data', { returns: { data: contact } }, { kind: 'data', schema: contact }],
    ['returns a list', { returns: { list: contact } }, { kind: 'list', schema: contact }],
    ['returns a message', { returns: { message: true } }, { kind: 'message' }],
    [
      'an envelope under 201',
      response('201', envelope({ data: contact })),
      { kind: 'data', schema: contact },
    ],
    [
      'a list written out',
      response('200', envelope({ data: { type: 'array', items: contact }, total: { type: 'integer' } })),
      { kind: 'list', schema: contact },
    ],
    [
      'an array without a total',
      response('200', envelope({ data: { type: 'array', items: contact } })),
      { kind: 'data', schema: { type: 'array', items: contact } },
    ],
    ['a message written out', response('2xx', envelope({ message: {} })), { kind: 'message' }],
    [
      'a shape of its own',
      response('200', { type: 'string' }),
      { kind: 'whole', schema: { type: 'string' } },
    ],
    ['a success and nothing else', response('200', envelope({})), { kind: 'whole', schema: envelope({}) }],
    ['errors alone', response('404', envelope({ data: {} })), { kind: 'unknown' }],
    ['no body', response('204', {}), { kind: 'unknown' }],
    ['nothing', {}, { kind: 'unknown' }],
  ])('is found for %s', (_, endpoint, answer) => {
    expect(routeOf(endpoint).answer).toEqual(answer);
  });

  it('writes the envelope out', () => {
    expect(routeOf({ returns: { list: contact } }).responses.get('200')).toEqual({
      type: 'object',
      required: ['success', 'data', 'total'],
      properties: {
        success: { const: true },
        data: { type: 'array', items: contact },
        total: { type: 'integer', minimum: 0 },
      },
      additionalProperties: false,
    });
  });
});

function routeOf(endpoint: object): Route {
  const [route] = programOf({
    'plugins/crm/plugin.json': {
      id: 'plugin-crm',
      name: 'CRM',
      version: '1.0.0',
      schemas: { Contact: { type: 'object' } },
      backend: { endpoints: [{ method: 'GET', path: '/x', ...endpoint }] },
    },
  }).routes;
  if (route === undefined) throw new TypeError('no route');
  return route;
}
