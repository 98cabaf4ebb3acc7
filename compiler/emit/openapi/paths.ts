import type { OperationObject, PathItemObject, PathsObject } from 'openapi3-ts/oas31';
import { parameterName, pathSegments, pathShape } from '../../ir/path-shape.ts';
import type { Route } from '../../ir/program.ts';
import { operation } from './operation.ts';
import type { Scope } from './scope.ts';
import { isDocumented } from './websockets.ts';

/** The endpoints of one plugin that users may call, at their paths at the gateway: `/plugin-crm/contacts/{id}`. */
export function pluginPaths(scope: Scope): PathsObject {
  const paths = new Map<string, PathItemObject>();
  for (const sameShape of groupByShape(scope.plugin.routes)) {
    const [first] = sameShape;
    const templateNames = templateNamesOf(first.parameters);
    const path = templatePath(scope.plugin.id.value, first.path.value, templateNames);
    paths.set(path, pathItem(sameShape, templateNames, scope));
  }
  return Object.fromEntries(paths);
}

/** Routes that differ only in their method, or in what they call their parameters, are one path in OpenAPI. */
function groupByShape(routes: readonly Route[]): (readonly [Route, ...Route[]])[] {
  const groups = new Map<string, [Route, ...Route[]]>();
  for (const route of routes) {
    if (!isDocumented(route)) continue;
    const shape = pathShape(route.path.value);
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, [route]);
    else group.push(route);
  }
  return [...groups.values()];
}

function pathItem(routes: readonly Route[], templateNames: readonly string[], scope: Scope): PathItemObject {
  const operations: [string, OperationObject][] = routes.map((route) => [
    route.method.toLowerCase(),
    operation(route, templateNames, scope),
  ]);
  return Object.fromEntries(operations);
}

/**
 * What the document calls the parameters of a path. They mean nothing but their position, so names that every JavaScript object
 * has (`constructor`) get an underscore: widespread tools take such a name for one that they have already seen.
 */
function templateNamesOf(names: readonly string[]): string[] {
  const taken = new Set(names);
  return names.map((name) => {
    if (!(name in Object.prototype)) return name;
    let other = `${name}_`;
    while (taken.has(other)) other += '_';
    taken.add(other);
    return other;
  });
}

function templatePath(pluginId: string, path: string, templateNames: readonly string[]): string {
  let position = 0;
  const segments = pathSegments(path).map((segment) => {
    const name = parameterName(segment);
    if (name === undefined) return segment;
    const template = `{${templateNames[position] ?? name}}`;
    position += 1;
    return template;
  });
  return `/${[pluginId, ...segments].join('/')}`;
}
