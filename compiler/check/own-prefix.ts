/** How the names of a plugin's services and events begin, as a suggestion: `plugin-crm` → `crm`. */
export function ownPrefix(pluginId: string): string {
  return pluginId.replace(/^plugin-/, '');
}
