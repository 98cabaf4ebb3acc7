import fc from 'fast-check';

const BASE = '/api/plugin-gateway';

const METHODS = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.constantFrom(
      'GET',
      'GET',
      'GET',
      'POST',
      'POST',
      'PUT',
      'DELETE',
      'HEAD',
      'PATCH',
      'OPTIONS',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'TRACE',
      'CONNECT',
      'PRI',
      'get',
      'G E T',
      'GET\t',
      'PROPFIND',
      'M-SEARCH',
      '',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);

const SEGMENT = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.constantFrom('contacts', 'internal', 'public', 'reports', '1', 'a%20b', '%40me', 'c'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2E.',
      '%2f',
      '%5c',
      '\\',
      '%00',
      '%',
      '%zz',
      '%c0%af',
      '%252e%252e',
      ';',
      ';a=b',
      '',
      '\u0000',
      'é',
      '%F0%9F%92%A9',
      '#',
      '?',
      'contacts%2f1',
      '%63ontacts',
      'health',
      'services',
      'admin',
      'metrics',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

/** Method and target as they should be. */
const KNOWN = fc
  .tuple(
    fc.constantFrom(
      ['GET', '/plugin-crm/contacts'],
      ['POST', '/plugin-crm/contacts'],
      ['GET', '/plugin-crm/contacts/7'],
      ['HEAD', '/plugin-crm/contacts/7'],
      ['PUT', '/plugin-crm/contacts/7'],
      ['DELETE', '/plugin-crm/contacts/7'],
      ['GET', '/plugin-crm/public'],
      ['GET', '/plugin-crm/internal'],
      ['POST', '/plugin-analytics/reports'],
      ['GET', '/services'],
    ),
    fc.constantFrom('', '', '?a=1', '?__proto__=1', '?take=x&take=y'),
  )
  .map(([[method = '', path = ''], query]) => [method, `${BASE}${path}${query}`] as const);

const TARGET = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('plugin-crm', 'plugin-analytics', 'plugin-CRM', 'services', ''),
        fc.array(SEGMENT, { maxLength: 4 }),
        fc.constantFrom('', '?', '?a=1', '?a=%', '?__proto__=1', '?take=x'),
      )
      .map(
        ([plugin, segments, query]) =>
          `${BASE}/${plugin}${segments.map((segment) => `/${segment}`).join('')}${query}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '*',
      '/',
      '',
      '//',
      `${BASE}`,
      `http://plugin.invalid${BASE}/plugin-crm/contacts`,
      `//evil.example${BASE}/plugin-crm/contacts`,
      `${BASE}//plugin-crm/contacts`,
      `/API/plugin-gateway/plugin-crm/contacts`,
      `${BASE}/plugin-crm/../plugin-analytics/reports`,
      'plugin-crm:80',
      `${BASE}/plugin-crm/contacts HTTP/1.1\r\nX: y`,
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
);

/** The method and the target of a request's first line. */
export const HOSTILE_LINE = fc.oneof(
  { weight: 3, arbitrary: KNOWN },
  { weight: 1, arbitrary: fc.tuple(METHODS, TARGET) },
);
