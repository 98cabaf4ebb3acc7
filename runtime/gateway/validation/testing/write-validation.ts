import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  EndpointValidation,
  RouteTablePlugin,
  RouteTableRoute,
  ValidationDocument,
} from '@plexica/types';

/** Schemas of a plugin's requests, by endpoint, and the named ones that they refer to. */
export interface TestSchemas {
  readonly schemas?: ValidationDocument['schemas'];
  readonly endpoints: ValidationDocument['endpoints'];
}

type TestPlugin = Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>;

/**
 * Writes validation documents as the compiler does.
 *
 * @param out the folder that `plexica build` would write
 * @param validation by plugin id
 * @returns the plugins, of which table and routes now say what is validated
 */
export async function writeValidation(
  out: string,
  plugins: readonly TestPlugin[],
  validation: Readonly<Record<string, TestSchemas>>,
): Promise<TestPlugin[]> {
  await mkdir(join(out, 'validation'), { recursive: true });
  return Promise.all(
    plugins.map(async (plugin) => {
      const schemas = validation[plugin.id];
      if (schemas === undefined) return plugin;
      const document = { format: 1, plugin: plugin.id, schemas: {}, ...schemas } satisfies ValidationDocument;
      const text = JSON.stringify(document);
      await writeFile(join(out, 'validation', `${plugin.id}.json`), text);
      const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
      const routes = (plugin.routes ?? []).map((route) => validating(route, document.endpoints));
      return { ...plugin, routes, validation: digest };
    }),
  );
}

function validating(
  route: RouteTableRoute,
  endpoints: Readonly<Record<string, EndpointValidation>>,
): RouteTableRoute {
  const parts = endpoints[`${route.method} ${route.path}`];
  if (parts === undefined) return route;
  // The type of the document has no other keys.
  return { ...route, validates: Object.keys(parts) as (keyof EndpointValidation)[] };
}
