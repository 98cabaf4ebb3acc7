/**
 * Plugin ids that the gateway takes itself: the first path segments of its own endpoints, now or in time to come,
 * `gateway`, the name of its own documents, and `platform`, which publishes the core events.
 */
export const gatewayNames: ReadonlySet<string> = new Set(
  words(
    'admin context dependencies docs events gateway health hooks metrics openapi openapi.json platform plugins ready services tokens',
  ),
);

const LANGUAGE_WORDS = words(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends',
  'false finally for function if implements import in instanceof interface let new null package private protected',
  'public return static super switch this throw true try typeof undefined var void while with yield',
);

/** Names that a TypeScript type cannot have, and global types that generated code uses. */
const TYPES = words(
  'any bigint boolean never number object string symbol unknown',
  'AbortSignal Array Omit Partial Pick Promise Readonly ReadonlyArray Record',
);

/** Names that no type of a schema can have. */
export const reservedTypes: ReadonlySet<string> = new Set([...LANGUAGE_WORDS, ...TYPES]);

/**
 * What the modules that hold or import a service's client have beside it. The function that makes a client is called
 * like its type, in camel case.
 */
const CLIENT_MODULES = words(
  'BoundGatewayClient CallOptions Endpoint Endpoints Gateway List Message PickMethods Schemas ServiceHealth',
);

/** Names that neither the type of a service nor, in camel case, its function can have. */
export const reservedServiceTypes: ReadonlySet<string> = new Set([
  ...TYPES,
  ...CLIENT_MODULES,
  ...LANGUAGE_WORDS.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
]);

/** Members that every client has, or that JavaScript gives a meaning to. */
export const clientMembers: ReadonlySet<string> = new Set(
  words('__proto__ constructor hasOwnProperty health prototype then toJSON toString valueOf'),
);

function words(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '));
}
