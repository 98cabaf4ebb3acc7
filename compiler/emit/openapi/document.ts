import { type OpenAPIObject, OpenApiBuilder } from 'openapi3-ts/oas31';
import type { Plugin, Program } from '../../ir/program.ts';
import { BEARER, components } from './components.ts';
import { noErrorReferences } from './errors.ts';
import { GATEWAY_TAG, gatewayPaths } from './gateway-paths.ts';
import { gatewayInfo, pluginInfo } from './info.ts';
import { pluginPaths } from './paths.ts';
import { mergedScope, pluginScope } from './scope.ts';
import { server } from './server.ts';
import { pluginTags } from './tags.ts';

/** The endpoints of one plugin that users may call. */
export function pluginDocument(plugin: Plugin, program: Program): OpenAPIObject {
  const scope = pluginScope(plugin);
  const paths = pluginPaths(scope);
  return OpenApiBuilder.create({
    ...frame(program),
    info: pluginInfo(plugin),
    tags: pluginTags(scope),
    paths,
    components: components([scope], scope.references.errors),
  }).getSpec();
}

/** The endpoints of all plugins that users may call, and the gateway's own. */
export function gatewayDocument(program: Program): OpenAPIObject {
  const errors = noErrorReferences();
  const scopes = program.plugins.map((plugin) => mergedScope(plugin, errors));
  const paths = Object.assign({}, gatewayPaths(errors), ...scopes.map(pluginPaths));
  return OpenApiBuilder.create({
    ...frame(program),
    info: gatewayInfo(program),
    tags: [GATEWAY_TAG, ...scopes.flatMap(pluginTags)],
    paths,
    components: components(scopes, errors),
  }).getSpec();
}

/** What all documents begin with; the members keep this order. */
function frame(program: Program): OpenAPIObject {
  return {
    openapi: '3.1.1',
    info: { title: '', version: '' },
    servers: [server(program)],
    security: [{ [BEARER]: [] }],
  };
}
