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

/** Words that JavaScript, or TypeScript in a strict module, takes for something else than a name. */
export const languageWords: ReadonlySet<string> = new Set(
  [
    'any arguments as async await bigint boolean break case catch class const continue debugger default delete do else',
    'enum eval export extends false finally for function if implements import in instanceof interface let never new null',
    'number object package private protected public return static string super switch symbol this throw true try type',
    'typeof undefined unknown var void while with yield',
  ].flatMap((line) => line.split(' ')),
);

/** Global types that generated code uses; a type of the same name would hide them. */
export const globalTypes: ReadonlySet<string> = new Set([
  'AbortSignal',
  'Array',
  'Date',
  'Error',
  'Map',
  'Object',
  'Partial',
  'Pick',
  'Omit',
  'Promise',
  'Readonly',
  'ReadonlyArray',
  'Record',
  'Set',
]);

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
