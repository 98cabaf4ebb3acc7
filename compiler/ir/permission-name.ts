/**
 * A permission of a plugin in normal form, `contacts:read`. The dotted form `plugin.crm.contacts.read` means the
 * same in `plugin-crm` (or `crm`). Undefined for what is neither, and for a permission of another plugin.
 */
export function permissionName(text: string, pluginId: string): string | undefined {
  if (/^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$/.test(text)) return text;
  const dotted = /^plugin\.([a-z0-9-]+)\.([a-z][a-z0-9_-]*)\.([a-z][a-z0-9_-]*)$/.exec(text);
  if (dotted === null) return undefined;
  const [, plugin, resource, action] = dotted;
  return plugin === pluginId || `plugin-${plugin}` === pluginId ? `${resource}:${action}` : undefined;
}
