import { posix } from 'node:path';
import type { JsonSchema } from '@plexica/types';
import { keySpanAt, locatedAt, spanAt } from '../ir/document.ts';
import {
  camelCase,
  commonBase,
  deriveMethodName,
  pascalCase,
  servicePropertyPath,
} from '../ir/identifiers.ts';
import type { Manifest, WorkspaceFile } from '../ir/manifest.ts';
import type {
  Edge,
  NamedSchema,
  Permission,
  Plugin,
  PluginDependency,
  PublishedEvent,
  Route,
  Service,
  ServiceEndpoint,
  Subscription,
  WrittenSchema,
} from '../ir/program.ts';
import { schemaNormalizer } from '../ir/schema-normal-form.ts';
import { endpointContract, serviceContract } from './contract-of.ts';
import { groupDeclarations } from './group-declarations.ts';
import { schemaFileInliner } from './inline-schema-files.ts';
import { linkPublishedEvents } from './link-events.ts';
import { type MergedEndpoint, mergeDeclarations } from './merge-declarations.ts';
import { writtenSchemas } from './written-schemas.ts';

/** A plugin, linked within itself, and the lists of it that wait for the other plugins. */
export interface LinkedPlugin {
  readonly plugin: Plugin;
  /** `plugin.edges`, empty so far. */
  readonly edges: Edge[];
  /** `plugin.pluginDependencies`, empty so far. */
  readonly pluginDependencies: PluginDependency[];
  /** `plugin.subscribes`, empty so far. */
  readonly subscribes: Subscription[];
  /** `plugin.hooks`, empty so far. */
  readonly hooks: Subscription[];
  /** Puts the plugin's schema files in the place of the references to them. */
  readonly inlineFiles: (schema: JsonSchema) => JsonSchema;
}

/** Links what a manifest says about the plugin itself. */
export function linkPlugin(manifest: Manifest, workspace: WorkspaceFile): LinkedPlugin {
  const { root, value } = manifest;
  const edges: Edge[] = [];
  const pluginDependencies: PluginDependency[] = [];
  const permissions: Permission[] = [];
  const schemas = new Map<string, NamedSchema>();
  const routes: Route[] = [];
  const services: Service[] = [];
  const schemasWritten: WrittenSchema[] = [];
  const publishes: PublishedEvent[] = [];
  const subscribes: Subscription[] = [];
  const hooks: Subscription[] = [];
  const plugin: Plugin = {
    id: locatedAt(root, ['id'], value.id),
    name: value.name,
    version: locatedAt(root, ['version'], value.version),
    manifest,
    manifestPath: posix.relative(posix.dirname(workspace.file.path), manifest.file.path),
    identifier: camelCase(value.id),
    typeName: pascalCase(value.id),
    hasBackend: value.backend !== undefined || (value.api?.services ?? []).length > 0,
    permissions,
    schemas,
    writtenSchemas: schemasWritten,
    routes,
    services,
    edges,
    pluginDependencies,
    conflicts: (value.dependencies?.conflicts ?? []).map((id, index) =>
      locatedAt(root, ['dependencies', 'conflicts', index], id),
    ),
    publishes,
    subscribes,
    hooks,
  };

  const inlineFiles = schemaFileInliner(manifest.schemaFiles);
  permissions.push(...permissionsOf(plugin));
  for (const schema of namedSchemasOf(plugin, inlineFiles)) schemas.set(schema.name.value, schema);
  const endpoints = groupDeclarations(manifest).map((group) =>
    mergeDeclarations(group, { pluginId: value.id, schemas, inlineFiles }),
  );
  linkEndpoints(plugin, endpoints, { routes, services });
  schemasWritten.push(...writtenSchemas(manifest, routes));
  publishes.push(...linkPublishedEvents(plugin, inlineFiles));
  return { plugin, edges, pluginDependencies, subscribes, hooks, inlineFiles };
}

function permissionsOf(plugin: Plugin): Permission[] {
  const { root, value } = plugin.manifest;
  return (value.permissions ?? []).map(({ resource, action, description }, index) => ({
    plugin,
    name: `${resource}:${action}`,
    description,
    span: spanAt(root, ['permissions', index]),
  }));
}

function namedSchemasOf(plugin: Plugin, inlineFiles: (schema: JsonSchema) => JsonSchema): NamedSchema[] {
  const { root, value } = plugin.manifest;
  return Object.entries(value.schemas ?? {}).map(([name, schema]) => ({
    plugin,
    name: { value: name, span: keySpanAt(root, ['schemas', name]) },
    schema: inlineFiles(schema),
    span: spanAt(root, ['schemas', name]),
  }));
}

/** Fills in a plugin's routes and services, which refer to each other. */
function linkEndpoints(
  plugin: Plugin,
  merged: readonly MergedEndpoint[],
  out: { readonly routes: Route[]; readonly services: Service[] },
): void {
  const contracts = endpointContracts(plugin, merged);
  const open = (plugin.manifest.value.api?.services ?? []).map((_, index) => {
    const own = merged.filter(({ declarations }) => declarations.some((each) => each.serviceIndex === index));
    const contract = serviceContract(own.flatMap((endpoint) => contracts.get(endpoint) ?? []));
    const endpoints: ServiceEndpoint[] = [];
    return { service: serviceAt(plugin, index, contract, endpoints), endpoints };
  });
  out.services.push(...open.map(({ service }) => service));

  for (const mergedEndpoint of merged) {
    const { declarations, ...endpoint } = mergedEndpoint;
    out.routes.push({
      ...endpoint,
      contract: contracts.get(mergedEndpoint),
      plugin,
      label: `${endpoint.method} ${endpoint.path.value} of ${plugin.id.value}`,
      declarations: declarations.map(({ serviceIndex, ...declaration }) => ({
        ...declaration,
        service: serviceIndex === undefined ? undefined : out.services[serviceIndex],
      })),
    });
  }

  for (const { service, endpoints } of open) {
    const own = out.routes.filter((route) => route.declarations.some((each) => each.service === service));
    const base = commonBase(own.map(({ path }) => path.value));
    for (const route of own) {
      endpoints.push({ service, route, methodName: methodName(route, service, base) });
    }
  }
}

/** Of the endpoints that services offer; nobody holds the others to anything. */
function endpointContracts(
  { schemas }: Plugin,
  merged: readonly MergedEndpoint[],
): ReadonlyMap<MergedEndpoint, string> {
  const normalize = schemaNormalizer(schemas);
  const offered = merged.filter(({ declarations }) =>
    declarations.some(({ serviceIndex }) => serviceIndex !== undefined),
  );
  return new Map(offered.map((endpoint) => [endpoint, endpointContract(endpoint, normalize)]));
}

function serviceAt(plugin: Plugin, index: number, contract: string, endpoints: ServiceEndpoint[]): Service {
  const { root, value } = plugin.manifest;
  const { name = '', version = '', description } = value.api?.services?.[index] ?? {};
  const path = ['api', 'services', index];
  return {
    plugin,
    name: locatedAt(root, [...path, 'name'], name),
    version: locatedAt(root, [...path, 'version'], version),
    description,
    propertyPath: servicePropertyPath(name),
    typeName: pascalCase(name),
    endpoints,
    contract,
  };
}

function methodName(route: Route, service: Service, base: readonly string[]): ServiceEndpoint['methodName'] {
  const declaration = route.declarations.find((each) => each.service === service);
  const operationId = declaration?.endpoint.operationId;
  if (declaration !== undefined && operationId !== undefined) {
    return locatedAt(declaration.node, ['operationId'], operationId);
  }
  const span = declaration === undefined ? route.path.span : spanAt(declaration.node, ['path']);
  return { value: deriveMethodName(route.method, route.path.value, base), span };
}
