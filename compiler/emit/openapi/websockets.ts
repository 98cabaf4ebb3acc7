import type { Plugin, Route } from '../../ir/program.ts';
import { escapeMarkdown } from './markdown.ts';
import { accessOf, summaryOf } from './operation.ts';

/** Whether a route stands among the paths: users may call it, and it answers as OpenAPI can say. */
export function isDocumented({ users, webSocket }: Route): boolean {
  return users && !webSocket;
}

/**
 * What a document says in words of the WebSocket endpoints for users, since OpenAPI describes requests that are answered. Undefined
 * where there are none.
 */
export function webSocketNotes(plugins: readonly Plugin[]): string | undefined {
  const notes = plugins.flatMap(({ id, routes }) =>
    routes
      .filter(({ users, webSocket }) => users && webSocket)
      .map((route) => noteOn(route, `/${id.value}${route.path.value}`)),
  );
  if (notes.length === 0) return undefined;
  return `WebSocket endpoints, which OpenAPI has no words for:\n\n${notes.join('\n')}`;
}

function noteOn(route: Route, path: string): string {
  const about = [escapeMarkdown(summaryOf(route)), accessOf(route)].filter((part) => part !== undefined);
  return `- \`${path}\`: ${about.join('. ')}`;
}
