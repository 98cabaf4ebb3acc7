import type { TagObject } from 'openapi3-ts/oas31';
import { escapeMarkdown, singleLine } from './markdown.ts';
import { tagsOf } from './operation.ts';
import type { Scope } from './scope.ts';
import { isDocumented } from './websockets.ts';

/** The tags of a plugin's operations, in the order in which its manifest first uses them. */
export function pluginTags(scope: Scope): TagObject[] {
  const { plugin } = scope;
  const about = `${singleLine(plugin.name)} (${plugin.id.value} ${plugin.version.value})`;
  const tags = new Map<string, TagObject>();
  for (const tag of plugin.routes.filter(isDocumented).flatMap(tagsOf)) {
    const name = scope.tagName(tag);
    const description = tag === undefined ? `Endpoints of ${about}.` : `${singleLine(tag)}, in ${about}.`;
    if (!tags.has(name)) tags.set(name, { name, description: escapeMarkdown(description) });
  }
  return [...tags.values()];
}
