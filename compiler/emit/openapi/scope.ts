import type { Plugin, Route } from '../../ir/program.ts';
import { type ErrorReferences, noErrorReferences } from './errors.ts';

/**
 * How the names of one plugin appear in one document. In a plugin's own document they are what the manifest says. In the
 * merged one they are put behind the plugin's name, in such a way that no two can meet: identifiers of plugins hold no `_` and
 * ids no `:`, so the first of these ends the plugin's part, and rule `identifier-collision` keeps that part unique.
 */
export interface Scope {
  readonly plugin: Plugin;
  /** `listContacts`, merged `pluginCrm_listContacts`. */
  operationId(route: Route): string;
  /** The component of a named schema: `Contact`, merged `PluginCrm_Contact`. */
  componentName(schemaName: string): string;
  /** `Contacts`, merged `plugin-crm: Contacts`; for routes without tags `CRM`, merged `plugin-crm`. */
  tagName(tag: string | undefined): string;
  readonly references: References;
}

/** What a document has referred to so far; its components hold exactly that. Filled while its paths are built. */
export interface References {
  /** Names of the plugin's own schemas. */
  readonly schemas: Set<string>;
  readonly errors: ErrorReferences;
}

/** The scope of a plugin in its own document. */
export function pluginScope(plugin: Plugin): Scope {
  return {
    plugin,
    operationId: (route) => route.operationId.value,
    componentName: (name) => name,
    tagName: (tag) => tag ?? plugin.name,
    references: { schemas: new Set(), errors: noErrorReferences() },
  };
}

/** The scope of a plugin in the merged document, whose error answers are shared by all. */
export function mergedScope(plugin: Plugin, errors: ErrorReferences): Scope {
  const { id, identifier, typeName } = plugin;
  return {
    plugin,
    operationId: (route) => `${identifier}_${route.operationId.value}`,
    componentName: (name) => `${typeName}_${name}`,
    tagName: (tag) => (tag === undefined ? id.value : `${id.value}: ${tag}`),
    references: { schemas: new Set(), errors },
  };
}
