import type {
  EventsDocument,
  HealthReport,
  PluginInfo,
  PluginManifest,
  RouteTable,
  ServiceRegistration,
  ValidationDocument,
  Workspace,
} from './types.generated.ts';
import * as generated from './validators.generated.ts';

/** One way in which a value breaks its schema. */
export interface SchemaViolation {
  /** Where in the value, as a JSON pointer (RFC 6901); empty for the whole. */
  readonly instancePath: string;
  /** Which part of the schema, as a JSON pointer with the schema's name. */
  readonly schemaPath: string;
  /** The JSON Schema keyword that was broken, such as `required`. */
  readonly keyword: string;
  /** What the keyword asked for, such as `{ missingProperty: 'id' }`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that has the keyword. */
  readonly parentSchema?: Readonly<Record<string, unknown>>;
  /** The key that a violation inside `propertyNames` is about. */
  readonly propertyName?: string;
  readonly message?: string;
}

/** Returns every violation; none for a valid value. */
export type Validate = (value: unknown) => readonly SchemaViolation[];

export const validatePluginManifest: Validate = validator(generated.validatePluginManifest);
export const validateWorkspace: Validate = validator(generated.validateWorkspace);
export const validateRouteTable: Validate = validator(generated.validateRouteTable);
export const validateServiceRegistration: Validate = validator(generated.validateServiceRegistration);
export const validateValidationDocument: Validate = validator(generated.validateValidationDocument);
export const validateEventsDocument: Validate = validator(generated.validateEventsDocument);
export const validateHealthReport: Validate = validator(generated.validateHealthReport);
export const validatePluginInfo: Validate = validator(generated.validatePluginInfo);

export const isPluginManifest = (value: unknown): value is PluginManifest =>
  validatePluginManifest(value).length === 0;
export const isWorkspace = (value: unknown): value is Workspace => validateWorkspace(value).length === 0;
export const isRouteTable = (value: unknown): value is RouteTable => validateRouteTable(value).length === 0;
export const isServiceRegistration = (value: unknown): value is ServiceRegistration =>
  validateServiceRegistration(value).length === 0;
export const isValidationDocument = (value: unknown): value is ValidationDocument =>
  validateValidationDocument(value).length === 0;
export const isEventsDocument = (value: unknown): value is EventsDocument =>
  validateEventsDocument(value).length === 0;
export const isHealthReport = (value: unknown): value is HealthReport =>
  validateHealthReport(value).length === 0;
export const isPluginInfo = (value: unknown): value is PluginInfo => validatePluginInfo(value).length === 0;

/** Ajv leaves its findings on the function; this hands them out as a value. */
function validator(
  generatedValidate: ((value: unknown) => boolean) & { errors?: readonly SchemaViolation[] | null },
): Validate {
  return (value) => (generatedValidate(value) ? [] : (generatedValidate.errors ?? []));
}
