import { describe, expect, it } from 'vitest';
import { programOf } from '../testing/program-of.ts';

describe('schema files', () => {
  const manifest = (schemas: object, body: object) => ({
    id: 'plugin-crm',
    name: 'CRM',
    version: '1.0.0',
    schemas,
    backend: { endpoints: [{ method: 'POST', path: '/x', body }] },
  });

  it('stand in the place of the references to them', () => {
    const { plugins, routes } = programOf({
      'plugins/crm/plugin.json': manifest(
        { Contact: { $ref: './schemas/contact.json' } },
        { items: { $ref: './schemas/contact.json', title: 'T' } },
      ),
      'plugins/crm/schemas/contact.json': {
        $id: 'https://example.com/contact',
        properties: { address: { $ref: './address.json' } },
      },
      'plugins/crm/address.json': { type: 'string' },
    });

    expect(plugins[0]?.schemas.get('Contact')?.schema).toEqual({
      properties: { address: { type: 'string' } },
    });
    expect(routes[0]?.request.body).toEqual({
      items: { title: 'T', properties: { address: { type: 'string' } } },
    });
  });

  it('leave a reference where it leads nowhere or back to itself', () => {
    const { plugins } = programOf({
      'plugins/crm/plugin.json': manifest({ A: { $ref: './a.json' }, B: { $ref: './absent.json' } }, {}),
      'plugins/crm/a.json': { items: { $ref: './a.json' } },
    });

    expect(plugins[0]?.schemas.get('A')?.schema).toEqual({ items: { $ref: './a.json' } });
    expect(plugins[0]?.schemas.get('B')?.schema).toEqual({ $ref: './absent.json' });
  });
});
