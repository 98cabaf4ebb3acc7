/**
 * Names of generated code, made from the names in manifests. Nothing here renames to avoid a clash: two names
 * that become one are an error that rule `identifier-collision` reports with both owners.
 */

import { parameterName, pathSegments } from './path-shape.ts';
import type { Method } from './program.ts';

/** `plugin-crm` → `pluginCrm`. Letters inside a word keep their case. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** `plugin-crm` → `PluginCrm`. Letters inside a word keep their case. */
export function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Where a facade holds a service's client: `crm.contact-lists` → `['crm', 'contactLists']`. */
export function servicePropertyPath(serviceName: string): string[] {
  return serviceName.split('.').map(camelCase);
}

/** The name of an OpenAPI operation that has none: `GET /contacts/:id` → `getContactsById`. */
export function deriveOperationId(method: Method, path: string): string {
  const words = pathSegments(path).map((segment) => {
    const parameter = parameterName(segment);
    return parameter === undefined ? pascalCase(segment) : `By${pascalCase(parameter)}`;
  });
  return method.toLowerCase() + words.join('');
}

const VERBS: Readonly<Record<Method, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The static segments with which every path of a service begins. */
export function commonBase(paths: readonly string[]): readonly string[] {
  const [first = [], ...others] = paths.map(staticPrefix);
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first[same] === other[same]) same += 1;
    length = same;
  }
  return first.slice(0, length);
}

/**
 * The name of a client's method that has none. Behind the base `/deals`: `GET /deals` → `list`, `GET /deals/:id` →
 * `get`, `GET /deals/pipeline/summary` → `getPipelineSummary`, `GET /deals/notes/:id` → `getNotesById`.
 */
export function deriveMethodName(method: Method, path: string, base: readonly string[]): string {
  const segments = pathSegments(path).slice(base.length);
  if (method === 'GET' && segments.length === 0) return 'list';
  const statics = segments.filter((segment) => parameterName(segment) === undefined);
  const lastStatic = segments.findLastIndex((segment) => parameterName(segment) === undefined);
  const keys = segments.slice(lastStatic + 1).map((segment) => pascalCase(parameterName(segment) ?? ''));
  const isItem = statics.length === 0 && keys.length <= 1;
  const selector = isItem || keys.length === 0 ? '' : `By${keys.join('And')}`;
  return VERBS[method] + statics.map(pascalCase).join('') + selector;
}

function staticPrefix(path: string): readonly string[] {
  const segments = pathSegments(path);
  const end = segments.findIndex((segment) => parameterName(segment) !== undefined);
  return end === -1 ? segments : segments.slice(0, end);
}
