import ajvCompiler from '@fastify/ajv-compiler';
import type { FastifySchema, FastifySchemaCompiler } from 'fastify';

/**
 * Validates a request as its schema stands. Fastify's defaults would turn the body `{"name": 42}` into
 * `{"name": "42"}` and drop unknown fields in silence. Only path and query are read as the types that their
 * schemas name: they come as text.
 */
export function strictValidator(): FastifySchemaCompiler<FastifySchema> {
  const build = ajvCompiler();
  const compile = build({}, { customOptions: { removeAdditional: false } });
  const compileBody = build({}, { customOptions: { removeAdditional: false, coerceTypes: false } });
  return (route) => (route.httpPart === 'body' ? compileBody(route) : compile(route));
}
