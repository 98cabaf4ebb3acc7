import { manifest, testRule } from '../../testing/rule-tester.ts';
import { pathSyntax } from './path-syntax.ts';

const plugin = (...paths: string[]) =>
  manifest(
    'plugin-crm',
    `"backend": { "endpoints": [${paths.map((path) => `{ "method": "GET", "path": "${path}" }`).join(', ')}] }`,
  );

const fires = (marked: string, what: string, help: string) => {
  const path = marked.replace(/[⟦⟧]/g, '');
  return { name: path, files: [plugin(marked)], findings: [{ message: `the path "${path}" ${what}`, help }] };
};

testRule(pathSyntax, {
  silent: [
    { name: 'paths of all kinds', files: [plugin('/', '/contacts', '/contacts/:id', '/a.b/c_d~e-f/:x_1/Y')] },
  ],
  fires: [
    fires('⟦contacts⟧', 'does not begin with a slash', 'write "/contacts"'),
    fires('/contacts⟦/⟧', 'ends with a slash', 'remove the slash'),
    fires('/contacts⟦/⟧/all', 'has an empty segment', 'remove one of the slashes'),
    fires('/contacts/⟦..⟧/deals', 'has the dot segment ".."', 'write the path that is meant'),
    fires('/⟦.⟧', 'has the dot segment "."', 'write the path that is meant'),
    fires(
      '/contacts/⟦*⟧',
      'has a wildcard',
      'declare an endpoint for each path, or a parameter such as ":id"',
    ),
    fires('/⟦a%2Fb⟧', 'has a percent escape', 'use letters, digits and . _ ~ - in static segments'),
    fires('/contacts⟦?take=1⟧', 'holds a query', 'describe the query in "schema.querystring"'),
    fires('/contacts⟦#top⟧', 'holds a fragment', 'remove what begins with "#"'),
    fires('/contacts/⟦{id}⟧', 'has a parameter in braces', 'write ":id"'),
    fires('/contacts/⟦:⟧', 'has a parameter without a name', 'name it, such as ":id"'),
    fires(
      '/contacts/⟦:id?⟧'.replace('?', '{0,1}'),
      'has a parameter whose name is not letters, digits and _',
      'let the parameter take the whole segment, and name it like ":contactId"',
    ),
    fires(
      '/contacts/⟦:id([0-9]+)⟧',
      'has a parameter with a pattern',
      'write ":id" and put the pattern into "schema.params"',
    ),
    fires(
      '/contacts/⟦:from-:to⟧',
      'has a parameter whose name is not letters, digits and _',
      'let the parameter take the whole segment, and name it like ":contactId"',
    ),
    fires(
      '/⟦contacts:batch⟧',
      'has a parameter that is not a whole segment',
      'let a parameter take the segment from slash to slash, such as "/:id"',
    ),
    fires(
      '/⟦contacts list⟧',
      'has characters that a path cannot have',
      'use letters, digits and . _ ~ - in static segments',
    ),
    fires(
      '/⟦contacts;v=1⟧',
      'has characters that a path cannot have',
      'use letters, digits and . _ ~ - in static segments',
    ),
    {
      name: 'an escape in the source hides where in the path it is',
      files: [plugin('/contacts').replace('"/contacts"', '⟦"/cont\\u0061cts\\\\"⟧')],
      findings: [{ message: 'the path "/contacts\\" has characters that a path cannot have' }],
    },
    {
      name: 'two causes in one path, and one cause in two declarations',
      files: [
        manifest(
          'plugin-crm',
          `"backend": { "endpoints": [{ "method": "GET", "path": "/⟦{a}⟧/⟦*⟧" }, { "method": "POST", "path": "/x" }] },
           "api": { "services": [{ "name": "crm", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": ⟨"/{a}/*"⟩ }] }] }`,
        ),
      ],
      findings: [
        { message: 'the path "/{a}/*" has a parameter in braces' },
        { message: 'the path "/{a}/*" has a wildcard' },
      ],
    },
  ],
});
