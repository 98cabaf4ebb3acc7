import type { Finding } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import { pathShape } from '../../ir/path-shape.ts';
import type { Edge, Service, ServiceEndpoint } from '../../ir/program.ts';
import type { Located } from '../../ir/source.ts';
import { quotedList } from '../quoted-list.ts';
import type { Rule } from '../rule.ts';

/** The endpoints that a dependency lists are offered by the service. */
export const unknownEndpoint: Rule = {
  code: 'PLX3005',
  name: 'unknown-endpoint',
  severity: 'error',

  *check({ edges }) {
    for (const edge of edges) {
      const services = servicesMeant(edge);
      if (services.length === 0) continue;
      const endpoints = services.flatMap((service) => service.endpoints);
      const offered = new Set(endpoints.map((endpoint) => shapeOf(nameOf(endpoint))));
      for (const name of edge.endpointNames ?? []) {
        if (!offered.has(shapeOf(name.value))) yield notOffered(edge, name, services, endpoints);
      }
    }
  },
};

function servicesMeant({ plugin, serviceName }: Edge): readonly Service[] {
  const services = plugin?.services ?? [];
  if (serviceName === undefined) return services;
  return services.filter(({ name }) => name.value === serviceName.value).slice(0, 1);
}

function notOffered(
  { pluginId, serviceName }: Edge,
  name: Located<string>,
  services: readonly Service[],
  endpoints: readonly ServiceEndpoint[],
): Finding {
  const owner =
    serviceName === undefined ? `plugin ${quote(pluginId.value)}` : `service ${quote(serviceName.value)}`;
  const names = endpoints.map(nameOf);
  const similar = sameUnderAnotherMethod(name.value, names) ?? nearest(name.value, names);
  const meant = endpoints.find((endpoint) => nameOf(endpoint) === similar);
  return {
    at: name.span,
    message: `${owner} offers no endpoint ${quote(name.value)}`,
    label: 'no such endpoint',
    related:
      meant === undefined
        ? services
            .slice(0, 1)
            .map((service) => ({ at: service.name.span, label: 'the service is declared here' }))
        : [{ at: placeOf(meant), label: 'a similar endpoint is declared here' }],
    help: similar === undefined ? `it offers ${quotedList(names)}` : `change it to ${quote(similar)}`,
  };
}

function sameUnderAnotherMethod(name: string, names: readonly string[]): string | undefined {
  const path = name.slice(name.indexOf(' '));
  return names.find((other) => other.slice(other.indexOf(' ')) === path);
}

function placeOf({ route, service }: ServiceEndpoint) {
  const node = route.declarations.find((declaration) => declaration.service === service)?.node;
  return node?.members.get('path')?.value.span ?? route.path.span;
}

function nameOf({ route }: ServiceEndpoint): string {
  return `${route.method} ${route.path.value}`;
}

/** The names of parameters do not tell endpoints apart. */
function shapeOf(name: string): string {
  const space = name.indexOf(' ');
  return name.slice(0, space + 1) + pathShape(name.slice(space + 1));
}
