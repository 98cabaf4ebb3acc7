import { describe, expect, it } from 'vitest';
import { programOf } from '../testing/program-of.ts';

const CRM = {
  id: 'plugin-crm',
  name: 'CRM',
  version: '1.2.0',
  schemas: { Contact: { type: 'object', properties: { id: { type: 'string' } } } },
  api: {
    services: [
      {
        name: 'crm.contacts',
        version: '1.0.0',
        endpoints: [
          { method: 'GET', path: '/contacts', operationId: 'all' },
          { method: 'GET', path: '/contacts/:id', returns: { data: { $ref: '#/schemas/Contact' } } },
        ],
      },
    ],
  },
};

describe('the contract of a service', () => {
  const TEXT = JSON.stringify(CRM);
  const contract = (text: string) => programOf({ 'plugins/crm/plugin.json': text }).services[0]?.contract;
  const original = contract(TEXT);

  it('is a digest', () => {
    expect(original).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('does not depend on the order of endpoints', () => {
    const services = CRM.api.services.map((service) => ({
      ...service,
      endpoints: service.endpoints.toReversed(),
    }));

    expect(contract(JSON.stringify({ ...CRM, api: { services } }))).toBe(original);
  });

  it.each([
    ['its version', '"version":"1.0.0"', '"version":"3.0.0"'],
    ['the name of a schema', 'Contact"', 'Person"'],
    ['wording', '"type":"string"', '"type":"string","description":"D"'],
    ['the name of a method', '"operationId":"all"', '"operationId":"every"'],
  ])('does not depend on %s', (_, from, to) => {
    expect(TEXT).toContain(from);
    expect(contract(TEXT.replaceAll(from, to))).toBe(original);
  });

  it.each([
    ['a schema', '"type":"string"', '"type":"integer"'],
    ['a method', '"method":"GET","path":"/contacts","', '"method":"PUT","path":"/contacts","'],
    ['a path', '"path":"/contacts","operationId"', '"path":"/people","operationId"'],
    ['an answer', '"returns":{"data"', '"returns":{"list"'],
  ])('depends on %s', (_, from, to) => {
    expect(TEXT).toContain(from);
    expect(contract(TEXT.replaceAll(from, to))).not.toBe(original);
  });
});

describe('the contract of an endpoint', () => {
  const TEXT = JSON.stringify(CRM);
  const contracts = (text: string) =>
    programOf({ 'plugins/crm/plugin.json': text }).routes.map(({ contract }) => contract);
  const [all, one] = contracts(TEXT);

  it('is a digest of its own', () => {
    expect(all).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(one).not.toBe(all);
  });

  it.each([
    ['another endpoint', '"path":"/contacts","operationId"', '"path":"/people","operationId"', one],
    ['an endpoint more', '"endpoints":[', '"endpoints":[{"method":"PUT","path":"/contacts"},', one],
    ['the name of a schema', 'Contact"', 'Person"', one],
    ['wording', '"type":"string"', '"type":"string","description":"D"', one],
    ['the version of the service', '"version":"1.0.0"', '"version":"3.0.0"', one],
  ])('does not depend on %s', (_, from, to, contract) => {
    expect(TEXT).toContain(from);
    expect(contracts(TEXT.replaceAll(from, to)).at(-1)).toBe(contract);
  });

  it.each([
    ['a schema, named elsewhere', '"type":"string"', '"type":"integer"'],
    ['its answer', '"returns":{"data"', '"returns":{"list"'],
    ['being a WebSocket endpoint', '"path":"/contacts/:id"', '"webSocket":true,"path":"/contacts/:id"'],
    ['what it takes', '"returns"', '"schema":{"params":{"type":"object"}},"returns"'],
  ])('depends on %s', (_, from, to) => {
    expect(TEXT).toContain(from);
    const [before, after] = contracts(TEXT.replaceAll(from, to));
    expect(before).toBe(all);
    expect(after).not.toBe(one);
  });

  it('is the same for all services that offer it, and none for what only users may call', () => {
    const [service] = CRM.api.services;
    const services = [service, { ...service, name: 'crm.others' }];
    const backend = {
      endpoints: [
        { method: 'GET', path: '/contacts' },
        { method: 'GET', path: '/deals' },
      ],
    };
    const program = programOf({ 'plugins/crm/plugin.json': { ...CRM, backend, api: { services } } });

    expect(program.routes.map(({ contract }) => contract)).toEqual([all, undefined, one]);
    const [first, second] = program.services;
    expect(second?.contract).toBe(first?.contract);
  });
});
