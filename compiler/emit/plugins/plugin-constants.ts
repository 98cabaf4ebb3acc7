import type { Plugin } from '../../ir/program.ts';

/** What a plugin says of itself: for registration, `/info`, events and permissions. */
export function pluginConstants({ id, name, version, services, permissions, manifest }: Plugin): object {
  const { events, backend } = manifest.value;
  return {
    id: id.value,
    name,
    version: version.value,
    services: services.map((service) => ({
      name: service.name.value,
      version: service.version.value,
      endpoints: service.endpoints.map(({ route }) => ({ method: route.method, path: route.path.value })),
    })),
    permissions: permissions.map((permission) => permission.name),
    publishes: (events?.publishes ?? []).map(eventName),
    subscribes: (events?.subscribes ?? []).map(eventName),
    hooks: (backend?.hooks ?? []).map((hook) => hook.name),
  };
}

function eventName(event: string | { readonly name: string }): string {
  return typeof event === 'string' ? event : event.name;
}
