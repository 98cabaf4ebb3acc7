import ajvCompiler from '@fastify/ajv-compiler';
import type { FastifyServerOptions } from 'fastify';

/**
 * Validates a request as its schema stands. Fastify's defaults would turn the body `{"name": 42}` into
 * `{"name": "42"}` and drop unknown fields in silence. Only path and query are read as the types that their
 * schemas name: they come as text.
 */
export function strictValidation(): NonNullable<FastifyServerOptions['schemaController']> {
  return {
    compilersFactory: {
      buildValidator(sharedSchemas, options) {
        const build = ajvCompiler();
        const customOptions = { ...options?.customOptions, removeAdditional: false };
        const compile = build(sharedSchemas, { ...options, customOptions });
        const compileBody = build(sharedSchemas, {
          ...options,
          customOptions: { ...customOptions, coerceTypes: false },
        });
        return (route) => (route.httpPart === 'body' ? compileBody(route) : compile(route));
      },
    },
  };
}
