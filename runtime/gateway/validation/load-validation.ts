import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isValidationDocument, type ValidationDocument } from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { PreparedRoute, PreparedTable } from '../table/prepared-table.ts';
import { compileRoute, type RouteValidators } from './compile-route.ts';
import { createSchemaCompilers } from './schema-compilers.ts';

/** What requests are checked against. Belongs to one deployment. */
export interface Validation {
  /**
   * What checks requests to a route: compiled when it is first asked for, kept from then on. Undefined where the route
   * has no schemas.
   *
   * @throws Error for schemas that cannot be compiled: the request cannot be checked, and must not pass
   */
  of(route: PreparedRoute): RouteValidators | undefined;
}

const REBUILD = 'run `plexica build` and deploy its result whole: routes.json and the folder validation/';

/**
 * Reads the validation documents of a table and proves that they are those that it was built with. They are parsed
 * when a request first needs them.
 *
 * @param out the folder that `plexica build` writes
 * @throws SetupError for a document that is missing, cannot be read, or is another than the table's
 */
export async function loadValidation(out: string, table: PreparedTable): Promise<Validation> {
  const documents = new Map<string, () => ValidationDocument>();
  for (const { id, plugin } of table.plugins.values()) {
    if (plugin.validation === undefined) continue;
    const file = join(out, 'validation', `${id}.json`);
    const bytes = await read(file, id);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (digest !== plugin.validation) {
      throw new SetupError(
        `${file} is not the one that the route table was built with: its digest is ${digest}, ` +
          `and the table says ${plugin.validation}; ${REBUILD}`,
      );
    }
    documents.set(
      id,
      once(() => parse(bytes, id)),
    );
  }
  return validationOf(documents);
}

function validationOf(documents: ReadonlyMap<string, () => ValidationDocument>): Validation {
  const compilers = createSchemaCompilers();
  const routes = new Map<PreparedRoute, () => RouteValidators>();
  return {
    of(route) {
      const { pluginId, route: declared } = route;
      if (declared.validates === undefined || declared.validates.length === 0) return undefined;
      const known = routes.get(route);
      if (known !== undefined) return known();
      const compile = once(() => compileRoute(route, documents.get(pluginId)?.(), compilers));
      routes.set(route, compile);
      return compile();
    },
  };
}

async function read(file: string, pluginId: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
        ? 'is not there'
        : 'cannot be read';
    throw new SetupError(
      `${file}, with the schemas of requests to ${pluginId}, ${why}: the gateway would let requests through unchecked; ${REBUILD}`,
      { cause },
    );
  }
}

function parse(bytes: Buffer, pluginId: string): ValidationDocument {
  const document: unknown = JSON.parse(bytes.toString('utf8'));
  if (!isValidationDocument(document) || document.plugin !== pluginId) {
    throw new Error(`validation/${pluginId}.json is not the validation document of ${pluginId}`);
  }
  return document;
}

/** Makes a value when it is first asked for. What could not be made is not tried again: it would fail again. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | { readonly error: unknown } | undefined;
  let pending: (() => T) | undefined = make;
  return () => {
    if (made === undefined && pending !== undefined) {
      try {
        made = { value: pending() };
      } catch (error) {
        made = { error };
      }
      // Lets go of what it was made of.
      pending = undefined;
    }
    if (made === undefined) throw new Error('a value is needed while it is made');
    if ('error' in made) throw made.error;
    return made.value;
  };
}
