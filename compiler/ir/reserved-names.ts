/** The first path segments below /api/plugin-gateway that the gateway serves itself, or may come to serve. */
export const gatewayNames: ReadonlySet<string> = new Set([
  'admin',
  'context',
  'dependencies',
  'docs',
  'events',
  'health',
  'hooks',
  'metrics',
  'openapi',
  'openapi.json',
  'plugins',
  'ready',
  'services',
  'tokens',
]);

/** Words that a strict JavaScript module takes for something else than a name. */
export const languageWords: ReadonlySet<string> = new Set(
  [
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends',
    'false finally for function if implements import in instanceof interface let new null package private protected',
    'public return static super switch this throw true try typeof undefined var void while with yield',
  ].flatMap((line) => line.split(' ')),
);

/** Names that a TypeScript type cannot have, beside the words of the language. */
const TYPE_WORDS = 'any bigint boolean never number object string symbol unknown'.split(' ');

/** Global types that generated code may use; a type of the same name would hide them. */
const GLOBAL_TYPES = 'AbortSignal Array Omit Partial Pick Promise Readonly ReadonlyArray Record'.split(' ');

/** Names that no type of generated code can have. */
export const reservedTypes: ReadonlySet<string> = new Set([...languageWords, ...TYPE_WORDS, ...GLOBAL_TYPES]);

/** Members that every client has, or that JavaScript gives a meaning to. */
export const clientMembers: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'health',
  'prototype',
  'then',
  'toJSON',
  'toString',
  'valueOf',
]);
