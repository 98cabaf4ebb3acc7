import type { PluginEndpoint } from '@plexica/types';
import type { ObjectNode } from '../ir/document.ts';
import { locatedAt, objectAt } from '../ir/document.ts';
import type { Manifest } from '../ir/manifest.ts';
import { pathShape } from '../ir/path-shape.ts';
import type { Method } from '../ir/program.ts';
import type { Located } from '../ir/source.ts';

/** One endpoint as the manifest writes it. */
export interface EndpointDeclaration {
  /** Its place in `api.services`; undefined for `backend.endpoints`. */
  readonly serviceIndex: number | undefined;
  readonly endpoint: PluginEndpoint;
  readonly node: ObjectNode;
}

/** All declarations of one request. */
export interface DeclarationGroup {
  readonly method: Method;
  /** As the first declaration writes it. */
  readonly path: Located<string>;
  readonly declarations: readonly [EndpointDeclaration, ...EndpointDeclaration[]];
}

/**
 * Puts the declarations of the same request together: `backend.endpoints` first, then each service's. A request
 * that one list declares twice makes two groups, which rule `route-conflict` reports.
 */
export function groupDeclarations(manifest: Manifest): DeclarationGroup[] {
  const groups: OpenGroup[] = [];
  const owners = new Map<string, OpenGroup[]>();
  for (const declaration of declarationsOf(manifest)) {
    const { method, path } = declaration.endpoint;
    const request = `${method} ${pathShape(path)}`;
    const open = (owners.get(request) ?? []).filter(({ lists }) => !lists.has(declaration.serviceIndex));
    // Of two that conflict, the one of the same words is meant.
    const owner = open.find((group) => group.path.value === path) ?? open[0];
    if (owner !== undefined) {
      owner.declarations.push(declaration);
      owner.lists.add(declaration.serviceIndex);
      continue;
    }
    const group: OpenGroup = {
      method,
      path: locatedAt(declaration.node, ['path'], path),
      declarations: [declaration],
      lists: new Set([declaration.serviceIndex]),
    };
    groups.push(group);
    const known = owners.get(request);
    if (known === undefined) owners.set(request, [group]);
    else known.push(group);
  }
  return groups;
}

interface OpenGroup extends DeclarationGroup {
  readonly declarations: [EndpointDeclaration, ...EndpointDeclaration[]];
  /** Which of the manifest's lists have declared this request. */
  readonly lists: Set<number | undefined>;
}

function* declarationsOf({ root, value }: Manifest): Generator<EndpointDeclaration> {
  for (const [index, endpoint] of (value.backend?.endpoints ?? []).entries()) {
    yield { serviceIndex: undefined, endpoint, node: objectAt(root, ['backend', 'endpoints', index]) };
  }
  for (const [serviceIndex, service] of (value.api?.services ?? []).entries()) {
    for (const [index, endpoint] of service.endpoints.entries()) {
      const node = objectAt(root, ['api', 'services', serviceIndex, 'endpoints', index]);
      yield { serviceIndex, endpoint, node };
    }
  }
}
