import { describe, expect, it } from 'vitest';
import {
  camelCase,
  commonBase,
  deriveMethodName,
  deriveOperationId,
  pascalCase,
  servicePropertyPath,
} from './identifiers.ts';
import type { Method } from './program.ts';

describe('identifiers', () => {
  it.each([
    ['plugin-crm', 'pluginCrm', 'PluginCrm'],
    ['crm', 'crm', 'Crm'],
    ['crm.contact-lists', 'crmContactLists', 'CrmContactLists'],
    ['contactId', 'contactId', 'ContactId'],
    ['a-1-b', 'a1B', 'A1B'],
    ['--', '', ''],
  ])('of %j are %j and %j', (name, camel, pascal) => {
    expect(camelCase(name)).toBe(camel);
    expect(pascalCase(name)).toBe(pascal);
  });

  it('keeps the parts of a service name apart', () => {
    expect(servicePropertyPath('crm.contact-lists')).toEqual(['crm', 'contactLists']);
  });

  it.each<[Method, string, string]>([
    ['GET', '/contacts', 'getContacts'],
    ['GET', '/contacts/:id', 'getContactsById'],
    ['DELETE', '/contacts/:id/notes/:noteId', 'deleteContactsByIdNotesByNoteId'],
    ['POST', '/', 'post'],
  ])('names the operation %s %s: %s', (method, path, operationId) => {
    expect(deriveOperationId(method, path)).toBe(operationId);
  });

  it.each<[string[], string[]]>([
    [['/deals', '/deals/:id', '/deals/pipeline/summary'], ['deals']],
    [['/contacts', '/deals'], []],
    [
      ['/a/b/:id', '/a/b/c'],
      ['a', 'b'],
    ],
    [['/:id'], []],
    [[], []],
  ])('finds what %j begin with: %j', (paths, base) => {
    expect(commonBase(paths)).toEqual(base);
  });

  it.each<[Method, string, string]>([
    ['GET', '/deals', 'list'],
    ['GET', '/deals/:id', 'get'],
    ['POST', '/deals', 'create'],
    ['PUT', '/deals/:id', 'update'],
    ['PATCH', '/deals/:id', 'patch'],
    ['DELETE', '/deals/:id', 'delete'],
    ['GET', '/deals/pipeline/summary', 'getPipelineSummary'],
    ['GET', '/deals/:id/notes', 'getNotes'],
    ['GET', '/deals/:id/notes/:noteId', 'getNotesByNoteId'],
    ['GET', '/deals/:from/:to', 'getByFromAndTo'],
    ['POST', '/deals/:id/close', 'createClose'],
  ])('names the method of a client of /deals for %s %s: %s', (method, path, name) => {
    expect(deriveMethodName(method, path, ['deals'])).toBe(name);
  });
});
