import type { Finding } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Edge, Plugin, Service } from '../../ir/program.ts';
import type { Located } from '../../ir/source.ts';
import { quotedList } from '../quoted-list.ts';
import type { Rule } from '../rule.ts';

/** A dependency names a service that the plugin provides. */
export const unknownService: Rule = {
  code: 'PLX3002',
  name: 'unknown-service',
  severity: 'error',

  *check({ edges, services }) {
    for (const edge of edges) {
      const { plugin, serviceName } = edge;
      if (plugin === undefined || plugin === edge.caller) continue;
      if (serviceName === undefined) {
        if (plugin.services.length === 0) yield noServices(edge, plugin);
      } else if (!plugin.services.some(({ name }) => name.value === serviceName.value)) {
        yield noSuchService(edge, plugin, serviceName, services);
      }
    }
  },
};

function noServices({ caller, pluginId }: Edge, plugin: Plugin): Finding {
  return {
    at: pluginId.span,
    message: `plugin ${quote(caller.id.value)} depends on the services of ${quote(plugin.id.value)}, which provides none`,
    label: 'provides no service',
    related: [{ at: plugin.id.span, label: 'this plugin has no "api.services"' }],
    help: `remove the dependency, or declare a service in ${plugin.manifest.file.path}`,
  };
}

function noSuchService(
  { caller, pluginId }: Edge,
  plugin: Plugin,
  serviceName: Located<string>,
  services: readonly Service[],
): Finding {
  const finding = {
    at: serviceName.span,
    message: `plugin ${quote(caller.id.value)} depends on service ${quote(serviceName.value)}, which ${plugin.id.value} does not provide`,
    label: 'no such service',
  };
  const elsewhere = services.find(({ name }) => name.value === serviceName.value);
  if (elsewhere !== undefined) {
    const owner = elsewhere.plugin.id.value;
    return {
      ...finding,
      related: [
        { at: elsewhere.name.span, label: `${owner} provides it` },
        { at: pluginId.span, label: `change this to ${quote(owner)}` },
      ],
      help: `change "pluginId" to ${quote(owner)}`,
    };
  }
  const names = plugin.services.map(({ name }) => name.value);
  const similar = nearest(serviceName.value, names);
  const meant = plugin.services.find(({ name }) => name.value === similar);
  if (meant !== undefined) {
    return {
      ...finding,
      related: [{ at: meant.name.span, label: 'a service with a similar name is declared here' }],
      help: `change it to ${quote(meant.name.value)}`,
    };
  }
  if (names.length === 0) {
    return { ...finding, related: [{ at: plugin.id.span, label: 'this plugin has no "api.services"' }] };
  }
  return { ...finding, help: `${plugin.id.value} provides ${quotedList(names)}` };
}
