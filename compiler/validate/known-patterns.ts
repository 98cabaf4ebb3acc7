/** What a pattern of our schemas means, for messages. */
export interface KnownPattern {
  /** Follows "is not": `a plugin id`. */
  readonly what: string;
  /** Follows "use": how such a value looks. */
  readonly rule: string;
  readonly example: string;
}

const ID_RULE = 'lower-case letters, digits and single hyphens, with a letter first';

/** By the pattern's source, as in the schemas; a test holds that none is absent. */
export const KNOWN_PATTERNS: ReadonlyMap<string, KnownPattern> = new Map([
  ['^[a-z][a-z0-9]*(-[a-z0-9]+)*$', { what: 'a plugin id', rule: ID_RULE, example: 'plugin-crm' }],
  [
    '^[A-Za-z][A-Za-z0-9_]*$',
    {
      what: 'a name for a schema',
      rule: 'letters, digits and underscores, with a letter first',
      example: 'Contact',
    },
  ],
  [
    '^[A-Za-z_][A-Za-z0-9_.-]*$',
    {
      what: 'a configuration key',
      rule: 'letters, digits, underscores, dots and hyphens, with a letter or an underscore first',
      example: 'apiKey',
    },
  ],
  [
    '^[a-z][a-z0-9_-]*$',
    {
      what: 'a word for a resource or an action',
      rule: 'lower-case letters, digits, underscores and hyphens, with a letter first',
      example: 'contacts',
    },
  ],
  [
    '^[a-z][a-z0-9_-]*(\\.[a-z0-9_-]+)*$',
    {
      what: 'an event name',
      rule: 'lower-case words of letters, digits, underscores and hyphens, separated by dots',
      example: 'crm.contact.created',
    },
  ],
  [
    '^[A-Za-z_][A-Za-z0-9_]*$',
    {
      what: 'an operation id',
      rule: 'letters, digits and underscores, with no digit first: it becomes a name in generated code',
      example: 'listContacts',
    },
  ],
  [
    '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*$',
    {
      what: 'a service name',
      rule: 'lower-case words of letters, digits and hyphens, separated by dots, each with a letter first',
      example: 'crm.contacts',
    },
  ],
  [
    '^(GET|POST|PUT|PATCH|DELETE) /',
    {
      what: 'an endpoint',
      rule: 'the method in capitals, one space, and the path',
      example: 'GET /contacts/:id',
    },
  ],
  [
    '^([1-5][0-9][0-9]|[1-5]xx|default)$',
    { what: 'a status', rule: 'a three-digit status, 2xx to 5xx, or default', example: '200' },
  ],
  [
    '^[0-9]+(ms|s|m|h)$',
    { what: 'a duration', rule: 'a whole number with ms, s, m or h right behind it', example: '5s' },
  ],
  [
    '^[0-9]+(B|KiB|MiB|GiB)$',
    { what: 'a size', rule: 'a whole number with B, KiB, MiB or GiB right behind it', example: '10MiB' },
  ],
  [
    '^https?://',
    {
      what: 'a web address',
      rule: 'an address that begins with http:// or https://',
      example: 'http://127.0.0.1:3100',
    },
  ],
  [
    '^rediss?://',
    {
      what: 'the address of a Redis server',
      rule: 'an address that begins with redis:// or rediss://',
      example: 'redis://127.0.0.1:6379',
    },
  ],
  [
    '^[A-Za-z0-9._-]+$',
    {
      what: 'a prefix for the names of topics',
      rule: 'letters, digits, dots, underscores and hyphens',
      example: 'plexica',
    },
  ],
]);
