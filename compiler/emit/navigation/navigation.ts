import type { PluginFrontendModule, PluginManifest, PluginMenuItem, PluginRoute } from '@plexica/types';
import { permissionName } from '../../ir/permission-name.ts';
import type { Plugin, Program } from '../../ir/program.ts';

/** Where a menu entry stands that names no place: behind all that name one below it. */
export const DEFAULT_ORDER = 1000;

/** The frontends of all plugins as one. Every entry names its plugin. */
export interface Navigation {
  /** The bundles to load, by plugin id. */
  readonly frontends: readonly NavigationFrontend[];
  /** By path, then plugin id. */
  readonly routes: readonly NavigationRoute[];
  /** By order, then label, plugin id and path. A module's own menu entry and route stand here too. */
  readonly menu: readonly NavigationMenuItem[];
  /** By name, then plugin id. */
  readonly modules: readonly NavigationModule[];
}

type Owned<T> = { readonly pluginId: string } & T;
export type NavigationFrontend = Owned<
  Partial<Record<'entry' | 'remoteEntry' | 'routePrefix', string> & { assets: string[] }>
>;
export type NavigationRoute = Owned<Pick<PluginRoute, 'path' | 'component' | 'title' | 'permissions'>>;
export type NavigationMenuItem = Owned<
  Pick<PluginMenuItem, 'label' | 'path' | 'icon' | 'parent' | 'permissions'> & { order: number }
>;
export type NavigationModule = Owned<
  Pick<PluginFrontendModule, 'name' | 'entry' | 'scope' | 'type' | 'route' | 'icon'>
>;

/** Merges the `frontend` sections of a program's manifests. */
export function navigation({ plugins }: Program): Navigation {
  return {
    frontends: plugins.flatMap(frontendOf),
    routes: sorted(plugins.flatMap(routesOf), (route) => [route.path, route.pluginId]),
    menu: sorted(plugins.flatMap(menuOf), (item) => [item.order, item.label, item.pluginId, item.path]),
    modules: sorted(plugins.flatMap(modulesOf), (module) => [module.name, module.pluginId]),
  };
}

function frontendOf(plugin: Plugin): NavigationFrontend[] {
  const frontend = pick(frontendSection(plugin), ['entry', 'remoteEntry', 'routePrefix', 'assets']);
  return Object.keys(frontend).length === 0 ? [] : [{ pluginId: plugin.id.value, ...frontend }];
}

function routesOf(plugin: Plugin): NavigationRoute[] {
  return (frontendSection(plugin).routes ?? []).map((route) => ({
    pluginId: plugin.id.value,
    ...pick(route, ['path', 'component', 'title']),
    ...permissionsOf(plugin, route.permissions),
  }));
}

function menuOf(plugin: Plugin): NavigationMenuItem[] {
  const pluginId = plugin.id.value;
  const { menuItems = [], modules = [] } = frontendSection(plugin);
  const items = menuItems.map((item) => ({
    pluginId,
    order: item.order ?? DEFAULT_ORDER,
    ...pick(item, ['label', 'path', 'icon', 'parent']),
    ...permissionsOf(plugin, item.permissions),
  }));
  const ofModules = modules.flatMap(({ menu, route, icon }) =>
    menu === undefined || route === undefined
      ? []
      : [
          {
            pluginId,
            order: menu.position ?? DEFAULT_ORDER,
            ...pick(menu, ['label', 'parent']),
            path: route,
            ...(icon !== undefined && { icon }),
          },
        ],
  );
  return [...items, ...ofModules];
}

function modulesOf(plugin: Plugin): NavigationModule[] {
  return (frontendSection(plugin).modules ?? []).map((module) => ({
    pluginId: plugin.id.value,
    ...pick(module, ['name', 'entry', 'scope', 'type', 'route', 'icon']),
  }));
}

function frontendSection(plugin: Plugin): NonNullable<PluginManifest['frontend']> {
  return plugin.manifest.value.frontend ?? {};
}

/** In normal form, `contacts:read`; a permission of another plugin stays as it is written. */
function permissionsOf(
  plugin: Plugin,
  permissions: readonly string[] | undefined,
): { permissions?: string[] } {
  if (permissions === undefined) return {};
  return { permissions: permissions.map((text) => permissionName(text, plugin.id.value) ?? text) };
}

/** The named members of a value, in that order, without those that it lacks. */
function pick<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  const entries = keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]] as const);
  // Object.fromEntries forgets which keys it was given.
  return Object.fromEntries(entries) as Pick<T, K>;
}

/** Sorted by keys, the first that differs deciding; strings by code unit. Entries with equal keys keep their order. */
function sorted<T>(entries: readonly T[], keysOf: (entry: T) => readonly (string | number)[]): T[] {
  const keyed = entries.map((entry) => ({ entry, keys: keysOf(entry) }));
  keyed.sort((a, b) => {
    for (const [index, key] of a.keys.entries()) {
      const other = b.keys[index] ?? key;
      if (key !== other) return key < other ? -1 : 1;
    }
    return 0;
  });
  return keyed.map(({ entry }) => entry);
}
