import type { EndpointValidation, ValidationDocument } from '@plexica/types';
import type { ErrorDetail } from '../errors.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';
import { describeViolations } from './describe-violations.ts';
import { headerNames } from './header-names.ts';
import type { SchemaCompilers } from './schema-compilers.ts';
import { writeOutReferences } from './write-out-references.ts';

/** Checks one part of a request; returns what is wrong with it, and nothing where it is as it should be. */
export type PartValidator = (value: unknown) => readonly ErrorDetail[];

/** What checks requests to one route; undefined for parts without a schema. */
export interface RouteValidators {
  /** Given texts by name, of which it may make numbers, truth values and lists on the way. */
  readonly params: PartValidator | undefined;
  readonly querystring: PartValidator | undefined;
  readonly headers: HeadersValidator | undefined;
  /** Given what the JSON says. */
  readonly body: PartValidator | undefined;
}

export interface HeadersValidator {
  /** As the schema writes them: no other headers are looked at. */
  readonly names: readonly string[];
  readonly validate: PartValidator;
}

/**
 * Makes the validators of a route.
 *
 * @throws Error for a schema that is missing, refers to one that is, or cannot be compiled; it names the endpoint
 */
export function compileRoute(
  { pluginId, endpoint, route }: PreparedRoute,
  document: ValidationDocument | undefined,
  compilers: SchemaCompilers,
): RouteValidators {
  const parts = new Set(route.validates);
  const schemaOf = (part: keyof EndpointValidation): unknown => {
    const endpoints = document?.endpoints ?? {};
    const schema = Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint]?.[part] : undefined;
    if (schema === undefined) throw new Error('validation document and route table differ');
    return writeOutReferences(schema, document?.schemas ?? {});
  };
  const compile = <T>(part: keyof EndpointValidation, make: (schema: unknown) => T): T | undefined => {
    if (!parts.has(part)) return undefined;
    try {
      return make(schemaOf(part));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`the schema "${part}" of ${endpoint} of ${pluginId} cannot be compiled: ${why}`, {
        cause,
      });
    }
  };
  const ofTexts = (part: 'params' | 'querystring' | 'headers', schema: unknown): PartValidator => {
    const violations = compilers.ofTexts(schema);
    return (value) => describeViolations(part, violations(value));
  };
  return {
    params: compile('params', (schema) => ofTexts('params', schema)),
    querystring: compile('querystring', (schema) => ofTexts('querystring', schema)),
    headers: compile('headers', (schema) => ({
      names: headerNames(schema),
      validate: ofTexts('headers', schema),
    })),
    body: compile('body', (schema) => {
      const violations = compilers.ofJson(schema);
      return (value) => describeViolations('body', violations(value));
    }),
  };
}
